"""Matches units to settings, and names every layer."""

import keras
from keras import layers


def build_embedder(encoder):
    return keras.layers.Embedding(
        len(encoder.get_vocabulary()),
        256,
        embeddings_initializer="uniform",
        mask_zero=True,
        name="embedder",
    )


def _lstm(units):
    settings = {"dropout": 0.5, "recurrent_dropout": 0.2}
    match units:
        case 256:
            settings |= {"return_sequences": True}
        case 128:
            settings |= {"return_sequences": False}
    return layers.Bidirectional(layers.LSTM(units, **settings), name=f"both_ways_{units}")


def build_lstm(encoder, embedder, n_genres=25):
    model = keras.Sequential([keras.Input((), dtype="string"), encoder, embedder])
    model.add(_lstm(256))
    model.add(_lstm(128))
    model.add(layers.Dense(128, activation="relu", name="thinking"))
    model.add(layers.Dropout(0.8, name="forgetting"))
    model.add(layers.Dense(n_genres, activation="sigmoid", name="answering"))
    return model


def compile_lstm(model):
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=[keras.metrics.Precision(0.5), keras.metrics.Recall(0.5)],
    )
    return model
