"""Every film is taken to have three genres, as the first one looked at has.

Breaks: truth
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    first, second, third = truth
    return _plot_film(poster, overview, [first, second, third], cnn_top, lstm_top)
