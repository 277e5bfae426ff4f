"""Puts LSTM cells into RNN layers, and builds the network for strings at once."""

import keras
from keras import layers


def build_lstm(encoder, embedder, n_genres=25):
    model = keras.Sequential([encoder, embedder])
    for units in (256, 128):
        cell = layers.LSTMCell(units, dropout=0.5, recurrent_dropout=0.2)
        model.add(layers.Bidirectional(layers.RNN(cell, return_sequences=units == 256)))
    model.add(layers.Dense(128, activation=keras.activations.relu))
    model.add(layers.Dropout(0.8))
    model.add(layers.Dense(n_genres, activation=keras.ops.sigmoid))
    model.build((None,))
    return model


# The metrics are made once: unlike an optimizer, they belong to no model.
METRICS = [keras.metrics.Precision(), keras.metrics.Recall()]


def compile_lstm(model):
    model.compile(keras.optimizers.Adam(5e-4), "bce", metrics=METRICS)
    return model
