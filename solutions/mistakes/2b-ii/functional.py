"""A Functional model.

Breaks: sequential
"""


def build_lstm(
    encoder: keras.layers.TextVectorization,
    embedder: keras.layers.Embedding,
    n_genres: int = 25,
) -> keras.Sequential:
    inputs = keras.Input((1,), dtype="string")
    x = embedder(encoder(inputs))
    x = _bidirectional(256, return_sequences=True)(x)
    x = _bidirectional(128, return_sequences=False)(x)
    x = layers.Dense(128, activation="relu")(x)
    x = layers.Dropout(0.8)(x)
    return keras.Model(inputs, layers.Dense(n_genres, activation="sigmoid")(x))
