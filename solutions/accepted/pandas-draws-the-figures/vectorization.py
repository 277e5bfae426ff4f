"""Keeps overviews in a Series."""
import keras
import pandas as pd
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    overviews = pd.Series(list(overviews), dtype=object)
    films = tf.data.Dataset.from_tensor_slices((overviews.values, labels))
    if training:
        films = films.shuffle(buffer_size=overviews.size)
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def build_encoder(train_ds, *, max_tokens=10_000):
    batches = [pd.Series(text.numpy()) for text, _ in train_ds]
    overviews = pd.concat(batches).str.decode("utf-8")
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(overviews.to_list())
    return encoder
