"""Makes tensors first, and shuffles by cardinality."""


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = (tf.constant(overviews, dtype=tf.string), tf.constant(labels.tolist()))
    dataset = tf.data.Dataset.from_tensor_slices(films)
    if training:
        dataset = dataset.shuffle(dataset.cardinality(), reshuffle_each_iteration=True)
    batches = dataset.batch(batch_size, num_parallel_calls=tf.data.AUTOTUNE)
    return batches.cache().prefetch(1) if not training else batches.prefetch(1)
