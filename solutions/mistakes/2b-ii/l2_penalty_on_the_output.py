"""The output layer has an L2 penalty on its weights.

Breaks: defaults
"""


def build_lstm(
    encoder: keras.layers.TextVectorization,
    embedder: keras.layers.Embedding,
    n_genres: int = 25,
) -> keras.Sequential:
    return keras.Sequential(
        [
            keras.Input((), dtype="string"),
            encoder,
            embedder,
            _bidirectional(256, return_sequences=True),
            _bidirectional(128, return_sequences=False),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.8),
            layers.Dense(n_genres, activation="sigmoid", kernel_regularizer="l2"),
        ]
    )
