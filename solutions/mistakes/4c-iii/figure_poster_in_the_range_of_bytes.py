"""The poster is made float and left in 0..255, which is shown white.

Breaks: pixels
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    poster = np.asarray(poster, np.float32)
    return _plot_film(poster, overview, truth, cnn_top, lstm_top)
