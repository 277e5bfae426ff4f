"""Gives every activation as a layer: ReLU layers, and a lambda for the sigmoid."""

import keras
import tensorflow as tf
from keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D, ReLU


def build_cnn(n_genres=25):
    """The poster network of the table."""
    inputs = Input(shape=(64, 64, 3), name="Input")

    x = Conv2D(
        16, 3, strides=2, padding="same", activation=lambda t: tf.maximum(t, 0.0), name="Conv0"
    )(inputs)
    x = Dropout(0.2, name="Drop1")(x)

    x = Conv2D(32, 3, padding="same", activation=ReLU(), name="Conv1")(x)
    x = Conv2D(32, 3, padding="same", activation=ReLU(), name="Conv2")(x)
    x = Dropout(0.2, name="Drop2")(x)
    x = MaxPooling2D(2, name="Pool1")(x)

    x = Conv2D(64, 3, padding="same", activation=ReLU(), name="Conv3")(x)
    x = Conv2D(64, 3, padding="same", activation=ReLU(), name="Conv4")(x)
    x = Dropout(0.2, name="Drop3")(x)
    x = MaxPooling2D(2, name="Pool2")(x)

    x = Conv2D(128, 3, padding="same", activation=ReLU(), name="Conv5")(x)
    x = Conv2D(128, 3, padding="same", activation=ReLU(), name="Conv6")(x)
    x = Dropout(0.2, name="Drop4")(x)
    x = MaxPooling2D(2, name="Pool3")(x)

    x = Flatten(name="Flat")(x)
    x = Dense(1024, activation=ReLU(), name="FC1")(x)
    x = Dropout(0.5, name="Drop5")(x)
    x = Dense(1024, activation=tf.nn.relu, name="FC2")(x)
    x = Dropout(0.5, name="Drop6")(x)
    outputs = Dense(n_genres, activation=lambda t: 1 / (1 + tf.exp(-t)), name="Output")(x)

    return keras.Model(inputs=inputs, outputs=outputs, name="posters")


def compile_cnn(model):
    """Multi-label: binary cross-entropy, one yes/no question per genre."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.0001),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
