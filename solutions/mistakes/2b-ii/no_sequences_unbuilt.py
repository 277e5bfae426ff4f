"""The first LSTM returns no sequence, which shows at the first call only.

Breaks: sequences
"""


def build_lstm(
    encoder: keras.layers.TextVectorization,
    embedder: keras.layers.Embedding,
    n_genres: int = 25,
) -> keras.Sequential:
    return keras.Sequential(
        [
            encoder,
            embedder,
            _bidirectional(256, return_sequences=False),
            _bidirectional(128, return_sequences=False),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.8),
            layers.Dense(n_genres, activation="sigmoid"),
        ]
    )
