"""Typographic quotation marks and dashes become plain ones.

Breaks: letters
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    plain = str.maketrans("\u2019\u2018\u201c\u201d\u2013\u2014", "''\"\"--")
    texts = [text.translate(plain) for text in overviews]
    films = tf.data.Dataset.from_tensor_slices((texts, labels))
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
