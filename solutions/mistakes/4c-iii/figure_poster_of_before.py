"""The poster of the first page is kept, and shown on every page.

Breaks: new-figure, poster
"""

_posters = []
_plot_before = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    _posters.append(poster)
    return _plot_before(_posters[0], overview, truth, cnn_top, lstm_top)
