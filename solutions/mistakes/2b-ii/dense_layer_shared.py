"""The Dense layer is made at import, and every network shares its weights.

Breaks: own-layers
"""

_DENSE = layers.Dense(128, activation="relu")


def build_lstm(encoder, embedder, n_genres=25):
    return keras.Sequential(
        [
            keras.Input((), dtype="string"),
            encoder,
            embedder,
            _bidirectional(256, return_sequences=True),
            _bidirectional(128, return_sequences=False),
            _DENSE,
            layers.Dropout(0.8),
            layers.Dense(n_genres, activation="sigmoid"),
        ]
    )
