"""The bars of the recall are white on white.

Breaks: in-sight
"""

_plot_before = plot_genre_scores


def plot_genre_scores(scores, title):
    figure = _plot_before(scores, title)
    for bar in figure.axes[1].patches:
        bar.set_color("white")
    return figure
