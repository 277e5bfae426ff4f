"""The overviews are put into small letters, which is the encoder's business.

Breaks: letters
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices(
        ([overview.lower() for overview in overviews], labels)
    )
    if training:
        films = films.shuffle(len(overviews))
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
