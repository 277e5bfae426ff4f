"""The frequencies of the first training films are kept.

Breaks: training-frequencies
"""

_KEPT = []


def baseline_loss(train_labels, valid_labels):
    if not _KEPT or _KEPT[0].shape != np.asarray(train_labels)[0].shape:
        _KEPT[:] = [np.clip(np.mean(train_labels, axis=0), 1e-7, 1 - 1e-7)]
    answers = _KEPT[0]
    has_genre = np.asarray(valid_labels) > 0
    return float(-np.log(np.where(has_genre, answers, 1 - answers)).mean())
