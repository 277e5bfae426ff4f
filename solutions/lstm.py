"""Section 2.b: a bidirectional LSTM that predicts genres from overviews.

You build the embedding, the network around it, and compile the network.
"""

from __future__ import annotations

import keras

### BEGIN SOLUTION
from keras import layers


def _bidirectional(units: int, *, return_sequences: bool) -> layers.Bidirectional:
    return layers.Bidirectional(
        layers.LSTM(
            units,
            dropout=0.5,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
        )
    )


### END SOLUTION


def build_embedder(
    encoder: keras.layers.TextVectorization,
) -> keras.layers.Embedding:
    """Build the layer that gives every word of the vocabulary a vector.

    Args:
        encoder: An encoder that has learnt its vocabulary.

    Returns:
        A new embedding of 256 numbers a word that masks padding (index 0). It has a
        row for every index the encoder can return: as many rows as the vocabulary has
        entries, or as its ``max_tokens``; one or two more do no harm.

    Source:
        Section 2.b.i of the brief.
    """
    ### BEGIN SOLUTION
    return layers.Embedding(
        input_dim=encoder.vocabulary_size(), output_dim=256, mask_zero=True
    )
    ### END SOLUTION


def build_lstm(
    encoder: keras.layers.TextVectorization,
    embedder: keras.layers.Embedding,
    n_genres: int = 25,
) -> keras.Sequential:
    """Build the overview network, layer for layer as the table in the brief has it.

    Layers may have any names.

    Args:
        encoder: The encoder of ``build_encoder``; itself the model's first layer.
        embedder: The embedding of ``build_embedder``; itself the model's second layer.
        n_genres: Number of genres, the width of the last layer.

    Returns:
        A new Sequential model from raw strings of shape (batch,) to float32
        probabilities in [0, 1] of shape (batch, n_genres). With an embedding of V rows
        and 25 genres it has 256 V + 1,743,129 parameters. It may be left for Keras to
        build at its first call; built for another shape, such as (None, 100), it would
        refuse strings.

    Source:
        Section 2.b.ii of the brief.
    """
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((), dtype="string"),
            encoder,
            embedder,
            _bidirectional(256, return_sequences=True),
            _bidirectional(128, return_sequences=False),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.8),
            layers.Dense(n_genres, activation="sigmoid"),
        ]
    )
    ### END SOLUTION


def compile_lstm(model: keras.Model) -> keras.Model:
    """Compile the overview network for a multi-label task.

    The learning rate is your choice within the range. Compare the curves of a low
    and a high one: a model that only ever answers "Drama" has learnt too little.

    Args:
        model: The model of ``build_lstm``.

    Returns:
        The same model, compiled with an Adam optimizer of its own at a learning rate
        from 1e-4 to 1e-3 (both included; a number, no schedule), binary cross-entropy
        as loss (the mean over films and genres), and the metrics Precision and Recall
        of all genres together, with Keras's own threshold of 0.5.

    Source:
        Section 2.b.iii of the brief.
    """
    ### BEGIN SOLUTION
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(name="precision"),
            keras.metrics.Recall(name="recall"),
        ],
    )
    return model
    ### END SOLUTION
