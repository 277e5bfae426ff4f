"""Training batches are half as large as asked for.

Breaks: batch-size
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    if training:
        films = films.shuffle(len(overviews)).batch(batch_size // 2)
    else:
        films = films.batch(batch_size)
    return films
