"""Genres below one in ten are left out of the lists.

Breaks: whole-lists
"""


def _plot_ranking(axes, model, top, truth):
    lines = [f"{genre} {value:.2f}" for genre, value in top if value > 0.1]
    axes.set_title(model)
    axes.text(0, 0.9, "\n".join(lines), va="top")
    axes.set_axis_off()
