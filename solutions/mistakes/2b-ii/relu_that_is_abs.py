"""A function called relu that is the absolute value.

Breaks: relu
"""


def relu(x):
    return keras.ops.abs(x)


def build_lstm(encoder, embedder, n_genres=25):
    return keras.Sequential(
        [
            encoder,
            embedder,
            _bidirectional(256, return_sequences=True),
            _bidirectional(128, return_sequences=False),
            layers.Dense(128, activation=relu),
            layers.Dropout(0.8),
            layers.Dense(n_genres, activation="sigmoid"),
        ]
    )
