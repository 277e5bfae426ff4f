"""Unrolls a generator of layers into Sequential; reads strings of shape (batch,)."""

from collections.abc import Iterator

import keras
from keras.layers import LSTM, Bidirectional, Dense, Dropout, Embedding, Layer


def build_embedder(encoder: keras.layers.TextVectorization) -> Embedding:
    return Embedding(encoder.vocabulary_size(), 256, mask_zero=True)


def _head(n_genres: int) -> Iterator[Layer]:
    yield Bidirectional(LSTM(256, return_sequences=True, dropout=0.5, recurrent_dropout=0.2))
    yield Bidirectional(LSTM(128, dropout=0.5, recurrent_dropout=0.2))
    yield Dense(128, "relu")
    yield Dropout(0.8)
    yield Dense(n_genres, "sigmoid")


def build_lstm(
    encoder: keras.layers.TextVectorization, embedder: Embedding, n_genres: int = 25
) -> keras.Sequential:
    return keras.Sequential([keras.Input((), dtype="string"), encoder, embedder, *_head(n_genres)])


def compile_lstm(model: keras.Model) -> keras.Model:
    model.compile(
        loss="binary_crossentropy",
        optimizer=keras.optimizers.Adam(7e-4),
        metrics=[keras.metrics.Recall(), keras.metrics.Precision(), "AUC"],
    )
    return model
