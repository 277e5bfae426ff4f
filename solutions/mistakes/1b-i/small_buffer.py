"""The shuffle buffer holds a thousand films, not all of them.

Breaks: buffer
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    if training:
        films = films.shuffle(1000)
    return films.batch(batch_size)
