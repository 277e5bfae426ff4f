"""Section 2.a: a convolutional network that predicts genres from posters.

You build the network of the brief's table with Keras's Functional API, and compile it.
"""

from __future__ import annotations

import keras

### BEGIN SOLUTION
from keras import layers


def _conv(name: str, filters: int, strides: int = 1) -> layers.Conv2D:
    return layers.Conv2D(
        filters, 3, strides=strides, padding="same", activation="relu", name=name
    )


def _block(x: keras.KerasTensor, number: int, filters: int) -> keras.KerasTensor:
    """Apply block 1, 2 or 3: two convolutions, dropout, pooling."""
    x = _conv(f"Conv{2 * number - 1}", filters)(x)
    x = _conv(f"Conv{2 * number}", filters)(x)
    x = layers.Dropout(0.2, name=f"Drop{number + 1}")(x)
    return layers.MaxPooling2D(2, name=f"Pool{number}")(x)


### END SOLUTION


def build_cnn(n_genres: int = 25) -> keras.Model:
    """Build the poster network, layer for layer as the table in the brief has it.

    Every layer carries the name of the table, ``Input`` included. Outputs are
    independent probabilities, for a film may have several genres at once.

    Args:
        n_genres: Number of genres, the width of the last layer.

    Returns:
        A new Functional model from float32 images of shape (batch, 64, 64, 3) to
        float32 probabilities in [0, 1] of shape (batch, n_genres). It has 21 layers,
        none of them shared with another call's, and 3,464,601 parameters for 25 genres.

    Source:
        Section 2.a.i of the brief.
    """
    ### BEGIN SOLUTION
    inputs = keras.Input((64, 64, 3), name="Input")
    x = _conv("Conv0", 16, strides=2)(inputs)
    x = layers.Dropout(0.2, name="Drop1")(x)
    for number, filters in enumerate((32, 64, 128), start=1):
        x = _block(x, number, filters)
    x = layers.Flatten(name="Flat")(x)
    for number in (1, 2):
        x = layers.Dense(1024, activation="relu", name=f"FC{number}")(x)
        x = layers.Dropout(0.5, name=f"Drop{number + 4}")(x)
    outputs = layers.Dense(n_genres, activation="sigmoid", name="Output")(x)
    return keras.Model(inputs, outputs)
    ### END SOLUTION


def compile_cnn(model: keras.Model) -> keras.Model:
    """Compile the poster network for a multi-label task.

    Args:
        model: The model of ``build_cnn``.

    Returns:
        The same model, compiled with an Adam optimizer of its own at a learning rate
        of 1e-4 (a number, no schedule), binary cross-entropy as loss (the mean over
        films and genres), and the metrics Precision and Recall of all genres together,
        with Keras's own threshold of 0.5.

    Source:
        Section 2.a.ii of the brief.
    """
    ### BEGIN SOLUTION
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-4),
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(name="precision"),
            keras.metrics.Recall(name="recall"),
        ],
    )
    return model
    ### END SOLUTION
