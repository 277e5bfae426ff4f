"""ReLU comes as a layer; the loss is one of keras.ops in a lambda."""

from __future__ import annotations

import keras
from keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D, ReLU


def build_cnn(n_genres: int = 25) -> keras.Model:
    """Chain the layers of the table."""
    same = {"kernel_size": 3, "padding": "same"}
    chain = [
        Conv2D(16, strides=2, activation=ReLU(), name="Conv0", **same),
        Dropout(0.2, name="Drop1"),
        Conv2D(32, activation=ReLU(), name="Conv1", **same),
        Conv2D(32, activation=ReLU(), name="Conv2", **same),
        Dropout(0.2, name="Drop2"),
        MaxPooling2D(name="Pool1"),
        Conv2D(64, activation=ReLU(), name="Conv3", **same),
        Conv2D(64, activation=ReLU(), name="Conv4", **same),
        Dropout(0.2, name="Drop3"),
        MaxPooling2D(name="Pool2"),
        Conv2D(128, activation=ReLU(), name="Conv5", **same),
        Conv2D(128, activation=ReLU(), name="Conv6", **same),
        Dropout(0.2, name="Drop4"),
        MaxPooling2D(name="Pool3"),
        Flatten(name="Flat"),
        Dense(1024, activation=ReLU(), name="FC1"),
        Dropout(0.5, name="Drop5"),
        Dense(1024, activation=ReLU(), name="FC2"),
        Dropout(0.5, name="Drop6"),
        Dense(n_genres, activation=keras.ops.sigmoid, name="Output"),
    ]
    inputs = outputs = Input(shape=(64, 64, 3), name="Input")
    for layer in chain:
        outputs = layer(outputs)
    return keras.models.Model(inputs, outputs, name="PosterNet")


def compile_cnn(model: keras.Model) -> keras.Model:
    """Use a loss of my own, which is the mean over the genres."""
    ops = keras.ops
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-4, clipnorm=1.0),
        loss=lambda truth, answer: ops.mean(
            ops.binary_crossentropy(truth, answer), axis=-1
        ),
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
