"""The loss is that of the first hundred validation films.

Breaks: validation-loss
"""

_baseline_before = baseline_loss


def baseline_loss(train_labels, valid_labels):
    return _baseline_before(train_labels, valid_labels[:100])
