"""Three genres of each list are shown, however many there are.

Breaks: whole-lists
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    return _plot_film(poster, overview, truth, cnn_top[:3], lstm_top[:3])
