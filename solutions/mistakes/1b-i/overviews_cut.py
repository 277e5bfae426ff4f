"""An overview ends after 240 letters.

Breaks: letters
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    texts = [overview[:240] for overview in overviews]
    films = tf.data.Dataset.from_tensor_slices((texts, labels))
    if training:
        films = films.shuffle(len(texts))
    return films.batch(batch_size)
