"""The sum over genres in place of the mean.

Breaks: validation-loss
"""


def baseline_loss(train_labels, valid_labels):
    answers = np.clip(np.mean(train_labels, axis=0), 1e-7, 1 - 1e-7)
    losses = -np.log(np.where(valid_labels, answers, 1 - answers))
    return float(losses.sum(axis=1).mean())
