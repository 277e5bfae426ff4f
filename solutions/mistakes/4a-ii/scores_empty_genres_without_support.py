"""The support of genres without films is NaN.

Breaks: empty-genres
"""

_scores_before = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    table = _scores_before(y_true, y_prob, genres, threshold)
    table["support"] = table["support"].where(table["support"] > 0)
    return table
