"""The axes have a place for every step of every epoch: all curves are a spot.

Breaks: in-sight
"""

_plot_before = plot_history


def plot_history(history, title):
    figure = _plot_before(history, title)
    for axes in figure.axes:
        axes.set_xlim(0, 40 * 80)
    return figure
