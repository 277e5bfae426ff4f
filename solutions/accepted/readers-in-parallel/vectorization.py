"""Yields films from a Python generator, in a new order at every pass."""

from collections.abc import Iterator, Sequence
from itertools import islice

import keras
import numpy as np
import tensorflow as tf


def build_overview_dataset(
    overviews: Sequence[str], labels: np.ndarray, *, batch_size: int = 64, training: bool = False
) -> tf.data.Dataset:
    overviews = list(overviews)

    def films() -> Iterator[tuple[str, np.ndarray]]:
        """Is called anew at every pass, so the order is drawn anew as well."""
        order = np.arange(len(overviews))
        if training:
            np.random.shuffle(order)
        for film in order:
            yield overviews[film], labels[film]

    signature = (
        tf.TensorSpec(shape=(), dtype=tf.string),
        tf.TensorSpec(shape=(len(labels[0]),), dtype=tf.int64),
    )
    return tf.data.Dataset.from_generator(films, output_signature=signature).batch(batch_size)


def build_encoder(
    train_ds: tf.data.Dataset, *, max_tokens: int = 10_000
) -> keras.layers.TextVectorization:
    encoder = keras.layers.TextVectorization(max_tokens, output_sequence_length=60)
    # one overview at a time, then batches of 32 without labels
    encoder.adapt(train_ds.unbatch().map(lambda text, _label: text).batch(32))
    return encoder


def first_words(encoder: keras.layers.TextVectorization, n: int = 200) -> list[str]:
    words = iter(encoder.get_vocabulary())
    next(words)  # the padding
    return list(islice(words, n))
