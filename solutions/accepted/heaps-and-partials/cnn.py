"""Makes layers from partials with every setting as a tuple, object or function."""

from __future__ import annotations

from functools import partial, reduce

import keras
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D

conv = partial(
    Conv2D,
    kernel_size=(3, 3),
    strides=(1, 1),
    padding="SAME",
    data_format="channels_last",
    dilation_rate=1,
    activation=keras.activations.relu,
    kernel_initializer="he_normal",
)
light = partial(Dropout, rate=0.2, seed=7)
heavy = partial(Dropout, rate=0.5)
pool = partial(MaxPooling2D, pool_size=(2, 2), strides=2, padding="same")
full = partial(Dense, units=1024, activation=keras.activations.relu)


def build_cnn(n_genres: int = 25) -> keras.Model:
    layers = [
        conv(16, strides=(2, 2), name="Conv0"),
        light(name="Drop1"),
        conv(32, name="Conv1"),
        conv(32, name="Conv2"),
        light(name="Drop2"),
        pool(name="Pool1"),
        conv(64, name="Conv3"),
        conv(64, name="Conv4"),
        light(name="Drop3"),
        pool(name="Pool2"),
        conv(128, name="Conv5"),
        conv(128, name="Conv6"),
        light(name="Drop4"),
        pool(name="Pool3"),
        Flatten(name="Flat"),
        full(name="FC1"),
        heavy(name="Drop5"),
        full(name="FC2"),
        heavy(name="Drop6"),
        full(units=n_genres, activation=keras.activations.sigmoid, name="Output"),
    ]
    inputs = keras.Input((64, 64, 3), name="Input")
    return keras.Model(inputs, reduce(lambda x, layer: layer(x), layers, inputs))


def compile_cnn(model: keras.Model) -> keras.Model:
    model.compile(
        keras.optimizers.Adam(1e-4),
        loss=partial(keras.losses.binary_crossentropy, from_logits=False),
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
