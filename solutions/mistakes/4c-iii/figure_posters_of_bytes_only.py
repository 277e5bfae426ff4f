"""Every poster is made uint8, which leaves a float one black.

Breaks: pixels
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    poster = np.asarray(poster).astype(np.uint8)
    return _plot_film(poster, overview, truth, cnn_top, lstm_top)
