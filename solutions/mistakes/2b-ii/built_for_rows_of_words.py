"""Built for inputs of shape (None, None), which strings are not.

Breaks: strings
"""


def build_lstm(encoder, embedder, n_genres=25):
    model = keras.Sequential()
    model.add(encoder)
    model.add(embedder)
    model.add(_bidirectional(256, return_sequences=True))
    model.add(_bidirectional(128, return_sequences=False))
    model.add(layers.Dense(128, activation="relu"))
    model.add(layers.Dropout(0.8))
    model.add(layers.Dense(n_genres, activation="sigmoid"))
    model.build((None, None))
    return model
