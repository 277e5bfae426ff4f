"""Filters words with filterfalse, and walks the dataset with itemgetter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import filterfalse

import keras
import numpy as np
import tensorflow as tf

Encoder = partial(keras.layers.TextVectorization, output_mode="int", standardize="lower_and_strip_punctuation")
SPECIAL = {"", "[UNK]"}


def build_overview_dataset(
    overviews: Sequence[str], labels: np.ndarray, *, batch_size: int = 64, training: bool = False
) -> tf.data.Dataset:
    films = tf.data.Dataset.from_tensor_slices((np.array([*overviews]), labels))
    if (n := len(overviews)) and training:
        films = films.shuffle(n)
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def build_encoder(train_ds: tf.data.Dataset, *, max_tokens: int = 10_000):
    (encoder := Encoder(max_tokens=max_tokens)).adapt(train_ds.map(lambda *film: film[0]))
    return encoder


def first_words(encoder, n: int = 200) -> list[str]:
    return [*filterfalse(SPECIAL.__contains__, encoder.get_vocabulary()[:n])]
