"""Names and numbers are two texts, and the numbers begin with the lowest.

Breaks: pairs
"""


def _plot_ranking(axes, model, top, truth):
    axes.set_axis_off()
    axes.text(0, 1, model, va="top")
    axes.text(0, 0.8, "\n".join(genre for genre, _ in top), va="top")
    scores = "\n".join(f"{p:.2f}" for _, p in reversed(top))
    axes.text(0.7, 0.8, scores, va="top")
