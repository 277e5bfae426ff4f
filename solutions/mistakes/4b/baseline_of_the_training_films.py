"""The loss on the training films.

Breaks: validation-loss
"""


def baseline_loss(train_labels, valid_labels):
    answers = np.clip(np.mean(train_labels, axis=0), 1e-7, 1 - 1e-7)
    return float(-np.log(np.where(train_labels, answers, 1 - answers)).mean())
