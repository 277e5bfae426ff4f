"""The poster stands on its head (origin="lower").

Breaks: poster
"""

_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    figure = _plot_film(poster, overview, truth, cnn_top, lstm_top)
    panel = figure.axes[0]
    panel.clear()
    panel.imshow(poster, origin="lower")
    panel.set_axis_off()
    return figure
