"""Two lists, and nothing says whose they are.

Breaks: models
"""


def _plot_ranking(axes, model, top, truth):
    lines = [f"{rank}. {genre}: {p:.2f}" for rank, (genre, p) in enumerate(top, 1)]
    axes.text(0, 1, "\n".join(lines), va="top")
    axes.set_axis_off()
