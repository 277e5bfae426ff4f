"""Whole batches are shuffled, and those of the validation films as well.

Breaks: order, film-by-film
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    return films.batch(batch_size).shuffle(len(overviews)).prefetch(tf.data.AUTOTUNE)
