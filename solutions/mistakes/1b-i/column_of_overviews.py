"""Each overview stands in a list of its own, so that batches have two axes.

Breaks: letters
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    texts = [[overview] for overview in overviews]
    films = tf.data.Dataset.from_tensor_slices((texts, labels))
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
