"""Probabilities are sorted by themselves, and leave their genres.

Breaks: pairs
"""


def _plot_ranking(axes, model, top, truth):
    values = sorted(value for _, value in top)
    lines = [
        f"{genre}: {value:.2f}" for (genre, _), value in zip(top, values, strict=True)
    ]
    axes.text(0, 1, "\n".join(lines), va="top")
    axes.set_title(model)
    axes.set_axis_off()
