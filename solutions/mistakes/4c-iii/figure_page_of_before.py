"""The first page is kept, and comes back every time.

Breaks: new-figure
"""

_PAGES = []
_plot_film = plot_film


def plot_film(poster, overview, truth, cnn_top, lstm_top):
    if not _PAGES:
        _PAGES.append(_plot_film(poster, overview, truth, cnn_top, lstm_top))
    return _PAGES[0]
