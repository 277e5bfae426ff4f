"""The names begin one place too late: each genre has the scores of the one before.

Breaks: index
"""

_genre_scores = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    table = _genre_scores(y_true, y_prob, genres, threshold)
    table.index = [*genres[1:], genres[0]]
    return table.loc[list(genres)]
