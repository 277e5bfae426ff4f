"""The columns begin with capitals.

Breaks: columns
"""

_genre_scores = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    return _genre_scores(y_true, y_prob, genres, threshold).rename(columns=str.title)
