"""The last partial batch of validation films is dropped.

Breaks: last-batch
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    if training:
        films = films.shuffle(len(overviews))
    films = films.batch(batch_size, drop_remainder=not training)
    return films.prefetch(tf.data.AUTOTUNE)
