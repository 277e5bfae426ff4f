"""Probabilities are rounded to two decimals before they are compared.

Breaks: default-threshold
"""

_score = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    return _score(y_true, np.round(y_prob, 2), genres, threshold)
