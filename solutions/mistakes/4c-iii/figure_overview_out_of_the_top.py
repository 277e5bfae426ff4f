"""A long overview leaves the figure at the top.

Breaks: on-the-page
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = _plot_film(poster, "", truth, cnn_top, lstm_top)
    figure.text(0.02, 0.97, textwrap.fill(overview, 60), va="bottom", fontsize=11)
    return figure
