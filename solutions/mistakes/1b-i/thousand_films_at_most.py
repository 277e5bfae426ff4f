"""A slice from a first trial is still there: a thousand films at most.

Breaks: every-film
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels)).take(1000)
    if training:
        films = films.shuffle(len(overviews), reshuffle_each_iteration=True)
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
