"""Films are not put into batches.

Breaks: batch-size
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    if training:
        films = films.shuffle(len(overviews))
    return films.prefetch(tf.data.AUTOTUNE)
