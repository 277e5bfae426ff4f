"""The rows are sorted by support, not in the order given.

Breaks: index
"""

_score = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    scores = _score(y_true, y_prob, genres, threshold)
    return scores.sort_values("support", ascending=False)
