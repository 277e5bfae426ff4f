"""The true genres are joined by "and", which leaves out a single one.

Breaks: truth
"""

_plot_before = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    *first, last = truth
    words = [f"{', '.join(first)} and {last}"] if first else []
    return _plot_before(poster, overview, words, cnn_top, lstm_top)
