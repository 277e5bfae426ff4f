"""Films are shuffled once, and the cache keeps that order.

Breaks: reshuffle
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    if training:
        films = films.shuffle(len(overviews)).cache()
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
