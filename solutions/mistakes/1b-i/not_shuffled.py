"""The argument training is not used: films always come in the order given.

Breaks: reshuffle
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
