"""White space at the ends of an overview is taken away.

Breaks: letters
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    texts = [text.strip() for text in overviews]
    films = tf.data.Dataset.from_tensor_slices((texts, labels))
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
