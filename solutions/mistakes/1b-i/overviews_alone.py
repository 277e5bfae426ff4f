"""A dataset of overviews without labels.

Breaks: labels
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices(list(overviews))
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size)
