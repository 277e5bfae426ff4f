"""Numbers of films share the axis of the scores, whose bars are too short to be seen.

Breaks: in-sight
"""

_plot_scores = plot_genre_scores


def plot_genre_scores(scores, title):
    figure = _plot_scores(scores, title)
    for axes in figure.axes:
        axes.set_xlim(0, scores["support"].max())
    return figure
