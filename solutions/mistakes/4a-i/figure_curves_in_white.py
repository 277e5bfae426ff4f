"""The validation curves are as white as what is behind them.

Breaks: in-sight
"""

_plot_before = plot_history


def plot_history(history, title):
    figure = _plot_before(history, title)
    for axes in figure.axes:
        axes.lines[1].set_color("white")
        axes.lines[1].set_markeredgecolor("white")
        axes.lines[1].set_markerfacecolor("white")
    return figure
