"""Blanks are tidied up: one between words, none at the ends.

Breaks: letters
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    texts = [" ".join(overview.split()) for overview in overviews]
    films = tf.data.Dataset.from_tensor_slices((texts, labels))
    if training:
        films = films.shuffle(len(texts))
    return films.batch(batch_size)
