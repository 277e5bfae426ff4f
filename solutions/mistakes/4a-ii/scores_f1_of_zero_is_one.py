"""An f1 that would divide by zero is 1.

Breaks: zero-division
"""

_scores_before = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    table = _scores_before(y_true, y_prob, genres, threshold)
    none = table["precision"] + table["recall"] == 0
    table.loc[none & (table["support"] == 0), "f1"] = 1.0
    return table
