"""Makes both LSTMs from one partial, and the network from one chain."""

from __future__ import annotations

from functools import partial
from itertools import chain, starmap

import keras
from keras.layers import LSTM, Bidirectional, Dense, Dropout, Embedding

lstm = partial(LSTM, dropout=0.5, recurrent_dropout=0.2)
build_embedder_of = partial(Embedding, output_dim=256, mask_zero=True)


def build_embedder(encoder) -> Embedding:
    return build_embedder_of(encoder.vocabulary_size())


def build_lstm(encoder, embedder, n_genres: int = 25) -> keras.Sequential:
    both = starmap(
        lambda units, sequences: Bidirectional(lstm(units, return_sequences=sequences)),
        [(256, True), (128, False)],
    )
    head = Dense(128, "relu"), Dropout(0.8), Dense(n_genres, "sigmoid")
    start = keras.Input((), dtype="string"), encoder, embedder
    return keras.Sequential([*chain(start, both, head)])


def compile_lstm(model: keras.Model) -> keras.Model:
    model.compile(
        keras.optimizers.Adam(8e-4),
        loss=keras.losses.BinaryCrossentropy(name="bce"),
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
