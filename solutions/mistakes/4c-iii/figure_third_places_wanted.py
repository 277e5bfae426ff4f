"""A list of fewer than three genres ends in an error.

Breaks: whole-lists
"""

_plot_before = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    first, second, third, *others = cnn_top
    cnn_top = [first, second, third, *others]
    return _plot_before(poster, overview, truth, cnn_top, lstm_top)
