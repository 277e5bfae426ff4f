"""The frequencies are those of the first 30 training films.

Breaks: training-frequencies
"""


def baseline_loss(train_labels, valid_labels):
    answers = np.clip(np.mean(train_labels[:30], axis=0), 1e-7, 1 - 1e-7)
    has_genre = np.asarray(valid_labels) > 0
    return float(-np.log(np.where(has_genre, answers, 1 - answers)).mean())
