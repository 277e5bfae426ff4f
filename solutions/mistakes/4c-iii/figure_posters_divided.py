"""Every poster is divided by 255, which leaves a float one black.

Breaks: pixels
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    return _plot_film(np.asarray(poster) / 255.0, overview, truth, cnn_top, lstm_top)
