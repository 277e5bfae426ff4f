"""A long overview runs out of the figure at the bottom.

Breaks: on-the-page
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = _plot_film(poster, "", truth, cnn_top, lstm_top)
    figure.text(0.02, 0.02, textwrap.fill(overview, 60), va="top", fontsize=11)
    return figure
