"""Only the genres that a film has count.

Breaks: cross-entropy
"""


def baseline_loss(train_labels, valid_labels):
    answers = np.clip(np.mean(train_labels, axis=0), 1e-7, 1 - 1e-7)
    return float(-(np.asarray(valid_labels) * np.log(answers)).mean())
