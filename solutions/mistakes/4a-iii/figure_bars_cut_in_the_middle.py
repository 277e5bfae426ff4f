"""The axis ends at 0.5, in the middle of the bars.

Breaks: in-sight
"""


def _plot_bars(axes, values, support, color):
    axes.barh(range(len(values)), values, color=color, height=0.72)
    axes.set(title=str(values.name).capitalize(), xlabel="Score", xlim=(0, 0.5))
    axes.margins(y=0.01)
