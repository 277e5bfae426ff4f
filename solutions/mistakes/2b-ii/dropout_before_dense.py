"""The Dropout stands before the Dense layer, not behind it.

Breaks: table
"""


def build_lstm(encoder, embedder, n_genres=25):
    return keras.Sequential(
        [
            keras.Input((), dtype="string"),
            encoder,
            embedder,
            _bidirectional(256, return_sequences=True),
            _bidirectional(128, return_sequences=False),
            layers.Dropout(0.8),
            layers.Dense(128, activation="relu"),
            layers.Dense(n_genres, activation="sigmoid"),
        ]
    )
