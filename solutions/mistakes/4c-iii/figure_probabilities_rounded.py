"""round() writes 0.70 as 0.7.

Breaks: two-decimals
"""


def _plot_ranking(axes, model, top, truth):
    lines = [f"{genre}: {round(probability, 2)}" for genre, probability in top]
    axes.text(0, 1, "\n".join(lines), va="top")
    axes.set_title(model)
    axes.set_axis_off()
