"""Training is True unless it is said otherwise.

Breaks: default-training
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=True):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size)
