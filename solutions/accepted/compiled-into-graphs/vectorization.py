"""Makes tensors first, and shuffles by the cardinality of the dataset."""
import keras
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = (tf.constant(overviews, dtype=tf.string), tf.constant(labels.tolist()))
    dataset = tf.data.Dataset.from_tensor_slices(films)
    if training:
        dataset = dataset.shuffle(dataset.cardinality(), reshuffle_each_iteration=True)
    batches = dataset.batch(batch_size, num_parallel_calls=tf.data.AUTOTUNE)
    return batches.cache().prefetch(1) if not training else batches.prefetch(1)


@tf.function
def without_label(overviews, labels):
    return overviews


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(train_ds.map(without_label))
    return encoder


def first_words(encoder, n=200):
    words = tf.constant(encoder.get_vocabulary())[:n]
    return [word.decode() for word in words.numpy()]
