"""A map strips the overviews and need not keep their order.

Breaks: order
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    films = films.map(lambda x, y: (tf.identity(x), y), 4, deterministic=False)
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size)
