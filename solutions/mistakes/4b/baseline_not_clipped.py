"""Frequencies of 0 are not clipped.

Breaks: clipped
"""


def baseline_loss(train_labels, valid_labels):
    p, y = np.mean(train_labels, axis=0), np.asarray(valid_labels)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
