"""Labels are looked up by overview, which two films may share.

Breaks: labels
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    found = dict(zip(overviews, labels, strict=True))
    rows = np.array([found[overview] for overview in overviews])
    films = tf.data.Dataset.from_tensor_slices((list(overviews), rows))
    if training:
        films = films.shuffle(len(rows))
    return films.batch(batch_size)
