"""Validation films are shuffled as well.

Breaks: order
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    return films.shuffle(len(overviews)).batch(batch_size).prefetch(tf.data.AUTOTUNE)
