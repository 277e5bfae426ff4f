"""Zips overviews with labels, seeds the shuffle, and adapts on strings alone."""

import keras
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    x = tf.data.Dataset.from_tensor_slices(list(overviews))
    y = tf.data.Dataset.from_tensor_slices(labels)
    ds = tf.data.Dataset.zip((x, y))
    if training:
        ds = ds.shuffle(len(overviews), seed=42, reshuffle_each_iteration=True)
    return ds.batch(batch_size).prefetch(2)


def build_encoder(train_ds, *, max_tokens=10_000):
    def strings(overview, _):
        return overview

    encoder = keras.layers.TextVectorization(max_tokens=max_tokens, name="encoder")
    encoder.adapt(train_ds.map(strings))
    return encoder


def first_words(encoder, n=200):
    words = encoder.get_vocabulary()
    return words[0:n]
