"""Probabilities are written as whole percents.

Breaks: two-decimals
"""


def _plot_ranking(axes, model, top, truth):
    lines = [f"{genre}: {probability:.0%}" for genre, probability in top]
    axes.text(0, 1, "\n".join(lines), va="top")
    axes.set_title(model)
    axes.set_axis_off()
