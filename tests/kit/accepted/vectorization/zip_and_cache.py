"""Zips two datasets, caches them, and shuffles with a generous buffer."""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    texts = tf.data.Dataset.from_tensor_slices(np.array(overviews, dtype=object))
    truths = tf.data.Dataset.from_tensor_slices(np.asarray(labels, "float32"))
    films = tf.data.Dataset.zip((texts, truths)).cache()
    if training:
        films = films.shuffle(10_000, seed=7)
    return films.batch(batch_size)
