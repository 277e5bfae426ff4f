"""Section 2.a: a convolutional network that predicts genres from posters.

You build the network of the brief's table with Keras's Functional API, and compile it.
"""

from __future__ import annotations

import keras


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
    raise NotImplementedError


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
    raise NotImplementedError
