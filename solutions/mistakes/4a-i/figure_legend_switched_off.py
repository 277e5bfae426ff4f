"""The legends are there, but are not shown.

Breaks: labels
"""

_plot_before = plot_history


def plot_history(history, title):
    figure = _plot_before(history, title)
    for axes in figure.axes:
        axes.legend().set_visible(False)
    return figure
