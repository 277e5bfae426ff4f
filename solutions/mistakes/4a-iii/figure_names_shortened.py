"""Names are cut to six letters, to save room.

Breaks: names
"""

_plot_scores_before = plot_genre_scores


def plot_genre_scores(scores, title):
    return _plot_scores_before(scores.rename(index=lambda name: name[:6]), title)
