"""The validation curves are transparent.

Breaks: in-sight
"""

_plot_before = plot_history


def plot_history(history, title):
    figure = _plot_before(history, title)
    for axes in figure.axes:
        axes.lines[1].set_alpha(0)
    return figure
