"""Chains generators of layers: one yields a block, one yields the whole network."""

from collections.abc import Iterator

import keras
from keras.layers import Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D


def _block(number: int, filters: int) -> Iterator[Layer]:
    for offset in (1, 0):
        yield Conv2D(filters, 3, padding="same", activation="relu", name=f"Conv{2 * number - offset}")
    yield Dropout(0.2, name=f"Drop{number + 1}")
    yield MaxPooling2D(name=f"Pool{number}")


def _network(n_genres: int) -> Iterator[Layer]:
    yield Conv2D(16, 3, 2, "same", activation="relu", name="Conv0")
    yield Dropout(0.2, name="Drop1")
    yield from _block(1, 32)
    yield from _block(2, 64)
    yield from _block(3, 128)
    yield Flatten(name="Flat")
    yield Dense(1024, "relu", name="FC1")
    yield Dropout(0.5, name="Drop5")
    yield Dense(1024, "relu", name="FC2")
    yield Dropout(0.5, name="Drop6")
    yield Dense(n_genres, "sigmoid", name="Output")


def build_cnn(n_genres: int = 25) -> keras.Model:
    inputs = outputs = keras.Input(batch_shape=(None, 64, 64, 3), name="Input")
    for layer in _network(n_genres):
        outputs = layer(outputs)
    return keras.Model(inputs, outputs, name="poster_network")


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        loss=keras.losses.binary_crossentropy,
        optimizer=keras.optimizers.Adam(1e-4),
        metrics=[keras.metrics.Recall(name="recall"), keras.metrics.Precision(name="precision")],
    )
    return model
