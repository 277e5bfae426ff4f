"""Training films with the same genres count once.

Breaks: training-frequencies
"""

_baseline_before = baseline_loss


def baseline_loss(train_labels, valid_labels):
    return _baseline_before(np.unique(train_labels, axis=0), valid_labels)
