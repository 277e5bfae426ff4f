"""Right: a lambda and a layer given as activations do what ReLU does."""

import tensorflow as tf


def _conv(name: str, filters: int, strides: int = 1) -> layers.Conv2D:
    return layers.Conv2D(
        filters,
        3,
        strides=strides,
        padding="same",
        activation=lambda x: tf.maximum(x, 0.0) if name == "Conv0" else tf.nn.relu(x),
        name=name,
    )


def build_cnn(n_genres: int = 25) -> keras.Model:
    inputs = keras.Input((64, 64, 3), name="Input")
    x = layers.Dropout(0.2, name="Drop1")(_conv("Conv0", 16, strides=2)(inputs))
    for number in (1, 2, 3):
        x = _block(x, number, 16 * 2**number)
    x = layers.Flatten(name="Flat")(x)
    x = layers.Dense(1024, activation=layers.ReLU(), name="FC1")(x)
    x = layers.Dropout(0.5, name="Drop5")(x)
    x = layers.Dense(1024, activation=layers.ReLU(), name="FC2")(x)
    x = layers.Dropout(0.5, name="Drop6")(x)
    outputs = layers.Dense(
        n_genres, activation=lambda x: 1 / (1 + tf.exp(-x)), name="Output"
    )(x)
    return keras.Model(inputs, outputs)
