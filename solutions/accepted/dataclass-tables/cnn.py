"""The brief's table is a list of dataclasses; losses and metrics go by output name."""

from __future__ import annotations

from dataclasses import dataclass

import keras
from keras import layers


@dataclass(frozen=True)
class Conv:
    name: str
    filters: int
    stride: int = 1

    def layer(self):
        return layers.Conv2D(
            self.filters,
            3,
            self.stride,
            padding="same",
            activation="relu",
            name=self.name,
        )


@dataclass(frozen=True)
class Drop:
    name: str
    rate: float

    def layer(self):
        return layers.Dropout(self.rate, name=self.name)


@dataclass(frozen=True)
class Pool:
    name: str

    def layer(self):
        return layers.MaxPooling2D(2, name=self.name)


@dataclass(frozen=True)
class Flat:
    name: str = "Flat"

    def layer(self):
        return layers.Flatten(name=self.name)


@dataclass(frozen=True)
class Full:
    name: str
    units: int
    activation: str = "relu"

    def layer(self):
        return layers.Dense(self.units, activation=self.activation, name=self.name)


TABLE = [
    Conv("Conv0", 16, stride=2),
    Drop("Drop1", 0.2),
    Conv("Conv1", 32),
    Conv("Conv2", 32),
    Drop("Drop2", 0.2),
    Pool("Pool1"),
    Conv("Conv3", 64),
    Conv("Conv4", 64),
    Drop("Drop3", 0.2),
    Pool("Pool2"),
    Conv("Conv5", 128),
    Conv("Conv6", 128),
    Drop("Drop4", 0.2),
    Pool("Pool3"),
    Flat(),
    Full("FC1", 1024),
    Drop("Drop5", 0.5),
    Full("FC2", 1024),
    Drop("Drop6", 0.5),
]


def build_cnn(n_genres: int = 25) -> keras.Model:
    inputs = x = keras.Input(shape=(64, 64, 3), name="Input")
    for row in [*TABLE, Full("Output", n_genres, "sigmoid")]:
        x = row.layer()(x)
    return keras.Model(inputs=inputs, outputs=x, name="cnn")


def compile_cnn(model: keras.Model) -> keras.Model:
    # The model that is handed in may be another one than mine: ask for its name.
    (output,) = model.output_names
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss={output: "binary_crossentropy"},
        metrics={output: [keras.metrics.Precision(), keras.metrics.Recall()]},
    )
    return model
