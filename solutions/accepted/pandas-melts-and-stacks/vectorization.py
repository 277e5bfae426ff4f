"""Overviews are a Series, and so is the vocabulary, from which words are dropped."""
import keras
import pandas as pd
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    overviews = pd.Series(overviews).reset_index(drop=True)
    ds = tf.data.Dataset.from_tensor_slices((overviews.to_list(), labels))
    if training:
        ds = ds.shuffle(overviews.size)
    return ds.batch(batch_size)


def build_encoder(train_ds, *, max_tokens=10_000):
    texts = pd.Series(
        text.decode() for batch, _ in train_ds.as_numpy_iterator() for text in batch
    )
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens, ragged=False)
    encoder.adapt(texts.to_numpy(dtype=str), batch_size=256)
    return encoder


def first_words(encoder, n=200):
    words = pd.Series(encoder.get_vocabulary(), dtype=object)
    return words[~words.isin(["", "[UNK]"])].head(n).tolist()
