"""Films are counted in uint8, which ends at 255.

Breaks: training-frequencies
"""


def baseline_loss(train_labels, valid_labels):
    counts = np.asarray(train_labels).sum(axis=0, dtype=np.uint8)
    answers = np.clip(counts / len(train_labels), 1e-7, 1 - 1e-7)
    has_genre = np.asarray(valid_labels) > 0
    return float(-np.log(np.where(has_genre, answers, 1 - answers)).mean())
