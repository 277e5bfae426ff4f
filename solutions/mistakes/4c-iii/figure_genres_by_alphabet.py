"""Both lists are sorted by name in place of rank.

Breaks: rank
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    return _plot_film(poster, overview, truth, sorted(cnn_top), sorted(lstm_top))
