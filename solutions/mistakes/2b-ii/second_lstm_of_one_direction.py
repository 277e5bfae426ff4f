"""The second LSTM reads in one direction.

Breaks: table
"""


def build_lstm(encoder, embedder, n_genres=25):
    return keras.Sequential(
        [
            keras.Input((), dtype="string"),
            encoder,
            embedder,
            _bidirectional(256, return_sequences=True),
            layers.LSTM(128, dropout=0.5, recurrent_dropout=0.2),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.8),
            layers.Dense(n_genres, activation="sigmoid"),
        ]
    )
