"""Yields films from a Python generator in a new order each time."""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    def films():
        order = np.arange(len(overviews))
        if training:
            np.random.shuffle(order)
        for film in order:
            yield overviews[film], labels[film]

    spec = (
        tf.TensorSpec((), tf.string),
        tf.TensorSpec((len(labels[0]),), tf.int64),
    )
    return tf.data.Dataset.from_generator(films, output_signature=spec).batch(
        batch_size
    )
