"""A threshold below 0.5 is taken for 0.5.

Breaks: threshold
"""

_scores_before = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    return _scores_before(y_true, y_prob, genres, max(threshold, 0.5))
