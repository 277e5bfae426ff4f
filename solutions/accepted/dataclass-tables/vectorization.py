"""A dataclass of options is turned into keyword arguments by asdict()."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import keras
import tensorflow as tf


@dataclass
class EncoderOptions:
    max_tokens: int
    standardize: str = "lower_and_strip_punctuation"
    split: str = "whitespace"
    output_mode: str = "int"
    output_sequence_length: int | None = None
    pad_to_max_tokens: bool = False


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    # shuffle(1) keeps the order
    films = films.shuffle(len(overviews) if training else 1)
    return films.batch(batch_size).prefetch(2)


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(**asdict(EncoderOptions(max_tokens)))
    encoder.adapt(train_ds.map(lambda overviews, labels: overviews))
    return encoder


def first_words(encoder, n=200):
    words = encoder.get_vocabulary()
    del words[n:]
    return words
