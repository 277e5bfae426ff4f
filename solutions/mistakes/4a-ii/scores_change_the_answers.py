"""The probabilities that are passed in become answers, for every later call.

Breaks: unchanged
"""

_scores_before = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    y_prob[:] = np.where(y_prob > threshold, 1, 0)
    return _scores_before(y_true, y_prob, genres, threshold)
