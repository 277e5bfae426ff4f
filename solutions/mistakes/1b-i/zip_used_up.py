"""To count the films, zip() is read to its end, and the dataset gets nothing.

Breaks: new-dataset
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = zip(overviews, labels, strict=True)
    num_films = len(list(films))
    signature = (
        tf.TensorSpec((), tf.string),
        tf.TensorSpec(labels.shape[1:], labels.dtype),
    )
    dataset = tf.data.Dataset.from_generator(lambda: films, output_signature=signature)
    if training:
        dataset = dataset.shuffle(num_films)
    return dataset.batch(batch_size).prefetch(tf.data.AUTOTUNE)
