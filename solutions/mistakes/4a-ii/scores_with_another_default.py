"""Answers are rounded probabilities, with a threshold of 0.5 in effect.

Breaks: default-threshold
"""

_score = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.45):
    return _score(y_true, y_prob, genres, threshold)
