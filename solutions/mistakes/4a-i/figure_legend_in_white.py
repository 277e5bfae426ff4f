"""The words of the legends are white on white.

Breaks: labels
"""

_plot_before = plot_history


def plot_history(history, title):
    figure = _plot_before(history, title)
    for axes in figure.axes:
        axes.legend(labelcolor="white")
    return figure
