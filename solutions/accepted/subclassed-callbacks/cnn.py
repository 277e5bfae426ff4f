"""Gives loss and metrics to the output by its name; counts its layers in a class."""

import keras
from keras import layers


class Stack:
    """Remembers the tensor on top and how many layers of a kind there are."""

    def __init__(self, inputs):
        self.top = inputs
        self.convs, self.drops, self.pools, self.fcs = 0, 1, 1, 1

    def conv(self, filters, strides=1):
        layer = layers.Conv2D(
            filters, 3, strides=strides, padding="same", activation="relu", name=f"Conv{self.convs}"
        )
        self.convs += 1
        self.top = layer(self.top)

    def drop(self, rate):
        self.top = layers.Dropout(rate, name=f"Drop{self.drops}")(self.top)
        self.drops += 1

    def pool(self):
        self.top = layers.MaxPooling2D(pool_size=2, name=f"Pool{self.pools}")(self.top)
        self.pools += 1

    def fc(self, units):
        self.top = layers.Dense(units, activation="relu", name=f"FC{self.fcs}")(self.top)
        self.fcs += 1


def build_cnn(n_genres=25):
    inputs = keras.Input(shape=(64, 64, 3), name="Input")
    stack = Stack(inputs)
    stack.conv(16, strides=2)
    stack.drop(0.2)
    for filters in [32, 64, 128]:
        stack.conv(filters)
        stack.conv(filters)
        stack.drop(0.2)
        stack.pool()
    stack.top = layers.Flatten(name="Flat")(stack.top)
    for _ in range(2):
        stack.fc(1024)
        stack.drop(0.5)
    outputs = layers.Dense(n_genres, activation="sigmoid", name="Output")(stack.top)
    return keras.Model(inputs, outputs)


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(1e-4),
        loss={"Output": "binary_crossentropy"},
        metrics={"Output": [keras.metrics.Precision(), keras.metrics.Recall()]},
    )
    return model
