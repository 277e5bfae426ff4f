"""The limits of the genres' axis cut the first and the last bars in half.

Breaks: in-sight
"""

_plot = _plot_bars


def _plot_bars(axes, values, support, color):
    _plot(axes, values, support, color)
    axes.set_ylim(0, len(values) - 1)
