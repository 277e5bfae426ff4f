"""The limits of the panel leave the upper half of the poster.

Breaks: poster
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = _plot_film(poster, overview, truth, cnn_top, lstm_top)
    figure.axes[0].set_ylim(150, 0)
    return figure
