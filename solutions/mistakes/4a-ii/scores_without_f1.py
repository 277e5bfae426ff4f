"""Precision and recall are right; there is no f1, and no support.

Breaks: columns, support
"""

_genre_scores = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    return _genre_scores(y_true, y_prob, genres, threshold)[["precision", "recall"]]
