"""Frequencies of 1 are not clipped.

Breaks: clipped
"""


def baseline_loss(train_labels, valid_labels):
    answers = np.maximum(np.mean(train_labels, axis=0), 1e-7)
    has_genre = np.asarray(valid_labels) > 0
    return float(-np.log(np.where(has_genre, answers, 1 - answers)).mean())
