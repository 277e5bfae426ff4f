"""Batches are shuffled, with a buffer that holds all batches.

Breaks: film-by-film
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    batches = films.batch(batch_size)
    return batches.shuffle(100) if training else batches
