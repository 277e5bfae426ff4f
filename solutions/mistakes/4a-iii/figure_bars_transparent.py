"""The bars are transparent.

Breaks: in-sight
"""

_plot_before = plot_genre_scores


def plot_genre_scores(scores, title):
    figure = _plot_before(scores, title)
    for axes in figure.axes:
        for bar in axes.patches:
            bar.set_alpha(0)
    return figure
