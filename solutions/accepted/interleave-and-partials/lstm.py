"""A partial of LSTM holds both dropouts; another wraps it into Bidirectional."""

from functools import partial

import keras
from keras import layers

LSTM = partial(layers.LSTM, dropout=0.5, recurrent_dropout=0.2)
WordVectors = partial(layers.Embedding, output_dim=256, mask_zero=True)


def build_embedder(encoder):
    return WordVectors(encoder.vocabulary_size())


def build_lstm(encoder, embedder, n_genres=25):
    twice = partial(layers.Bidirectional, merge_mode="concat")
    stack = [
        layers.Input(shape=(1,), dtype="string"),
        encoder,
        embedder,
        twice(LSTM(256, return_sequences=True)),
        twice(LSTM(128)),
        layers.Dense(units=128, activation="relu"),
        layers.Dropout(rate=0.8),
        layers.Dense(units=n_genres, activation="sigmoid"),
    ]
    return keras.Sequential(stack)


compile_for = partial(
    keras.Model.compile, loss=partial(keras.losses.binary_crossentropy)
)


def compile_lstm(model):
    metrics = [keras.metrics.Precision(), keras.metrics.Recall()]
    compile_for(model, keras.optimizers.Adam(learning_rate=2e-4), metrics=metrics)
    return model
