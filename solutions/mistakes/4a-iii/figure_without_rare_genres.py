"""Genres of a single film are left out.

Breaks: bars
"""

_plot_all = plot_genre_scores


def plot_genre_scores(scores, title):
    return _plot_all(scores[scores["support"] != 1], title)
