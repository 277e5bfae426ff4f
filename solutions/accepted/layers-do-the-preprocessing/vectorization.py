"""Reads the vocabulary back from the layer, without its two special entries."""

import keras
import numpy as np
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    """Batches of raw text and labels. The encoder layer does the rest."""
    texts = np.array(overviews, dtype=object)
    ds = tf.data.Dataset.from_tensor_slices((texts, np.array(labels)))
    if training:
        ds = ds.shuffle(buffer_size=len(texts), reshuffle_each_iteration=True)
    return ds.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def build_encoder(train_ds, *, max_tokens=10_000):
    """Fit a TextVectorization layer on the training text."""
    encoder = keras.layers.TextVectorization(
        max_tokens=max_tokens,
        standardize="lower_and_strip_punctuation",
        split="whitespace",
        output_mode="int",
        output_sequence_length=100,  # the longest overview has 68 words
    )
    text_only = train_ds.map(lambda text, label: text)
    encoder.adapt(text_only)
    return encoder


def first_words(encoder, n=200):
    """The n most frequent words."""
    vocabulary = encoder.get_vocabulary(include_special_tokens=False)
    return vocabulary[:n]
