"""The poster is mirrored.

Breaks: poster
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    return _plot_film(np.asarray(poster)[:, ::-1], overview, truth, cnn_top, lstm_top)
