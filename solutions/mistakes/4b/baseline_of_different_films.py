"""Validation films with the same genres count once.

Breaks: validation-loss
"""

_baseline_before = baseline_loss


def baseline_loss(train_labels, valid_labels):
    return _baseline_before(train_labels, np.unique(valid_labels, axis=0))
