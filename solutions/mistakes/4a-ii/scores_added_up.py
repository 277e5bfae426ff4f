"""The counts of the last call are added to those of the next.

Breaks: threshold
"""

_TRUTH, _PROB = [], []
_score = genre_scores


def genre_scores(y_true, y_prob, genres, threshold=0.5):
    _TRUTH.append(np.asarray(y_true))
    _PROB.append(np.asarray(y_prob))
    return _score(np.concatenate(_TRUTH), np.concatenate(_PROB), genres, threshold)
