"""The axes go up to 100, but the scores to 1: all curves are flat.

Breaks: in-sight
"""

_plot_before = plot_history


def plot_history(history, title):
    figure = _plot_before(history, title)
    for axes in figure.axes:
        axes.set_ylim(0, 100)
    return figure
