"""The LSTM's list stands under the name of the CNN.

Breaks: models
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    return _plot_film(poster, overview, truth, lstm_top, cnn_top)
