"""Rows counted in the vocabulary; Adam is a string, with its own rate of 1e-3."""

from __future__ import annotations

import keras
from keras.layers import LSTM, Bidirectional, Dense, Dropout, Embedding


def build_embedder(encoder):
    return Embedding(
        len(encoder.get_vocabulary()),
        256,
        embeddings_initializer="uniform",
        mask_zero=True,
        name="embedder",
    )


def build_lstm(encoder, embedder, n_genres=25):
    rates = {"dropout": 0.5, "recurrent_dropout": 0.2}
    return keras.models.Sequential(
        [
            encoder,
            embedder,
            Bidirectional(LSTM(256, return_sequences=True, **rates), name="bi_1"),
            Bidirectional(LSTM(128, **rates), name="bi_2"),
            Dense(128, activation=keras.activations.relu, name="dense"),
            Dropout(0.8, name="dropout"),
            Dense(n_genres, activation=keras.activations.sigmoid, name="genres"),
        ],
        name="overview_network",
    )


def compile_lstm(model):
    model.compile(
        "adam",
        keras.losses.BinaryCrossentropy(from_logits=False),
        metrics=[
            keras.metrics.Precision(name="P"),
            keras.metrics.Recall(name="R"),
            keras.metrics.AUC(multi_label=True, name="auc"),
        ],
    )
    return model
