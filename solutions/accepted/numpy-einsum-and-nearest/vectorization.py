"""Arrays of strings everywhere; first_words returns the sliced array itself."""
import numpy as np
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    overviews = np.asarray(overviews, dtype="U")
    order = tf.data.Dataset.range(overviews.size)
    if training:
        order = order.shuffle(overviews.size)
    # shuffle indices, look the films up
    texts, truths = tf.constant(overviews), tf.constant(labels)
    films = order.map(lambda i: (tf.gather(texts, i), tf.gather(truths, i)))
    return films.batch(batch_size).prefetch(1)


def build_encoder(train_ds, *, max_tokens=10_000):
    overviews = np.concatenate([batch for batch, _ in train_ds.as_numpy_iterator()])
    encoder = tf.keras.layers.TextVectorization(max_tokens=max_tokens, split="whitespace")
    encoder.adapt(overviews)
    return encoder


def first_words(encoder, n=200):
    return np.array(encoder.get_vocabulary())[:n]
