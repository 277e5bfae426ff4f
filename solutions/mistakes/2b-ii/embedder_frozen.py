"""The embedding that is given is frozen.

Breaks: given-layers
"""


def build_lstm(encoder, embedder, n_genres=25):
    embedder.trainable = False
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
