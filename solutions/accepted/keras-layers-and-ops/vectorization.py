"""Zips a dataset of texts with one of labels; asks for words without special entries."""

from __future__ import annotations

from keras.layers import TextVectorization
from tensorflow.data import Dataset


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    """Zip a dataset of texts with a dataset of labels, then shuffle both together."""
    texts = Dataset.from_tensor_slices(list(overviews))
    truths = Dataset.from_tensor_slices(labels)
    films = Dataset.zip((texts, truths))
    if training:
        films = films.shuffle(len(films))
    return films.batch(batch_size)


def build_encoder(train_ds, *, max_tokens=10_000):
    """Pad or cut to 120 words; the longest overview has 68."""
    layer = TextVectorization(max_tokens=max_tokens, output_sequence_length=120)
    layer.adapt(train_ds.map(lambda text, _: text).cache())
    return layer


def first_words(encoder, n=200):
    return encoder.get_vocabulary(include_special_tokens=False)[:n]
