"""Overviews and labels are shuffled apart.

Breaks: labels
"""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    texts = tf.data.Dataset.from_tensor_slices(list(overviews))
    truths = tf.data.Dataset.from_tensor_slices(labels)
    if training:
        texts = texts.shuffle(len(overviews))
        truths = truths.shuffle(len(overviews))
    return tf.data.Dataset.zip((texts, truths)).batch(batch_size)
