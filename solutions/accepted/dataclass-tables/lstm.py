"""The two recurrent layers are rows of a NamedTuple; the model is tried at once."""

from __future__ import annotations

from typing import NamedTuple

import keras
import tensorflow as tf


class Row(NamedTuple):
    units: int
    sequences: bool
    dropout: float = 0.5
    recurrent: float = 0.2

    def layer(self):
        lstm = keras.layers.LSTM(
            self.units,
            dropout=self.dropout,
            recurrent_dropout=self.recurrent,
            return_sequences=self.sequences,
        )
        return keras.layers.Bidirectional(lstm, name=f"both_ways_{self.units}")


ROWS = Row(256, True), Row(128, False)


def build_embedder(encoder):
    return keras.layers.Embedding(encoder.vocabulary_size(), 256, mask_zero=True)


def build_lstm(encoder, embedder, n_genres=25):
    model = keras.Sequential(
        [
            encoder,
            embedder,
            *[row.layer() for row in ROWS],
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dropout(0.8),
            keras.layers.Dense(n_genres, activation="sigmoid"),
        ]
    )
    # Shapes that do not fit together are better found here than in fit().
    answer = model(tf.constant(["a film about a film"]))
    assert answer.shape == (1, n_genres)
    return model


@keras.saving.register_keras_serializable("reel")
class Answers(keras.losses.BinaryCrossentropy):
    """Binary cross-entropy by another name."""


def compile_lstm(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3, epsilon=1e-7),
        loss=Answers(),
        metrics=[keras.metrics.Precision(0.5), keras.metrics.Recall(0.5)],
    )
    return model
