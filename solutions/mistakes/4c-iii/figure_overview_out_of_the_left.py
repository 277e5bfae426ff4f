"""A centred overview leaves the figure on the left.

Breaks: on-the-page
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = _plot_film(poster, "", truth, cnn_top, lstm_top)
    figure.text(0.2, 0.97, textwrap.fill(overview, 90), ha="center", va="top")
    return figure
