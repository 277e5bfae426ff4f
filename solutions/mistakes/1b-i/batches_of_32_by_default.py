"""Batches hold 32 films by default, Keras's own number.

Breaks: default-size
"""


def build_overview_dataset(overviews, labels, *, batch_size=32, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
