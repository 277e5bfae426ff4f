"""Where nothing was answered the recall is 1.

Breaks: recall
"""

_scores_before = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    table = _scores_before(y_true, y_prob, genres, threshold)
    said = (np.asarray(y_prob) > threshold).sum(0)
    table["recall"] = np.where(said > 0, table["recall"], 1.0)
    return table
