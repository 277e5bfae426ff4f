"""Both curves of a panel are blue, so that its legend tells nothing.

Breaks: labels
"""

_plot_before = plot_history


def plot_history(history, title):
    figure = _plot_before(history, title)
    for axes in figure.axes:
        for curve in axes.lines[:2]:
            curve.set(color="blue", marker="")
        axes.legend()
    return figure
