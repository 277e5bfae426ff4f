"""A generator reads the overviews of the last call, kept outside the function.

Breaks: new-dataset
"""

_FILMS = {}


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    _FILMS.update(overviews=list(overviews), labels=labels)

    def read():
        yield from zip(_FILMS["overviews"], _FILMS["labels"], strict=True)

    label = tf.TensorSpec((labels.shape[1],), tf.int64)
    spec = (tf.TensorSpec((), tf.string), label)
    films = tf.data.Dataset.from_generator(read, output_signature=spec)
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size)
