"""Each epoch draws as many films as there are, some of them twice.

Breaks: every-film
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    if training:
        films = films.repeat(2).shuffle(2 * len(overviews)).take(len(overviews))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
