"""Frequencies are clipped to [1e-5, 1 - 1e-5].

Breaks: clipped
"""


def baseline_loss(train_labels, valid_labels):
    answers = np.clip(np.mean(train_labels, axis=0), 1e-5, 1 - 1e-5)
    has_genre = np.asarray(valid_labels) > 0
    return float(-np.log(np.where(has_genre, answers, 1 - answers)).mean())
