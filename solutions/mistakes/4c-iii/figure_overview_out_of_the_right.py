"""Long lines begin in the middle and leave the figure on the right.

Breaks: on-the-page
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = _plot_film(poster, "", truth, cnn_top, lstm_top)
    figure.text(0.55, 0.97, textwrap.fill(overview, 95), va="top", fontsize=11)
    return figure
