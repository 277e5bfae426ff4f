"""Matches the name of every layer: Conv, Drop, Pool, Flat or FC and a number."""

import re

import keras
from keras import layers

NAMES = (
    "Conv0 Drop1 Conv1 Conv2 Drop2 Pool1 Conv3 Conv4 Drop3 Pool2 Conv5 Conv6 Drop4 Pool3 "
    "Flat FC1 Drop5 FC2 Drop6"
).split()


def _make(name):
    match re.fullmatch(r"([A-Za-z]+)(\d?)", name).groups():
        case "Conv", "0":
            return layers.Conv2D(16, 3, 2, padding="same", activation="relu", name=name)
        case "Conv", number:
            filters = 2 ** (4 + (int(number) + 1) // 2)
            return layers.Conv2D(filters, 3, padding="same", activation="relu", name=name)
        case "Drop", ("5" | "6"):
            return layers.Dropout(0.5, name=name)
        case "Drop", _:
            return layers.Dropout(0.2, name=name)
        case "Pool", _:
            return layers.MaxPooling2D(2, name=name)
        case "Flat", _:
            return layers.Flatten(name=name)
        case "FC", _:
            return layers.Dense(1024, activation="relu", name=name)


def build_cnn(n_genres=25):
    x = inputs = keras.Input((64, 64, 3), name="Input")
    for name in NAMES:
        x = _make(name)(x)
    return keras.Model(inputs, layers.Dense(n_genres, "sigmoid", name="Output")(x))


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=[keras.metrics.Precision(0.5), keras.metrics.Recall(0.5)],
    )
    return model
