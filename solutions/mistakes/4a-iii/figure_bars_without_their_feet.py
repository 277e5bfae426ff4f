"""The axis begins at 0.2, so that bars lose their lower part.

Breaks: in-sight
"""


def _plot_bars(axes, values, support, color):
    axes.barh(range(len(values)), values, color=color, height=0.72)
    axes.set(title=str(values.name).capitalize(), xlabel="Score", xlim=(0.2, 1.05))
    axes.margins(y=0.01)
