"""The ranks stand beside the bars, and the genres nowhere.

Breaks: whole-lists
"""


def _plot_ranking(axes, model, top, truth):
    values = [probability for _, probability in top]
    bars = axes.barh(range(len(top)), values)
    axes.bar_label(bars, fmt="%.2f")
    axes.set_title(model)
    axes.invert_yaxis()
