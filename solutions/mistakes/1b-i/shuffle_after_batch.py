"""Batches are shuffled, not films.

Breaks: film-by-film
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    films = films.batch(batch_size)
    return films.shuffle(len(overviews)) if training else films
