"""Built for inputs of shape (None, 100), which strings are not.

Breaks: strings
"""

_build = build_lstm


def build_lstm(encoder, embedder, n_genres=25):
    model = keras.Sequential(_build(encoder, embedder, n_genres).layers)
    model.build((None, 100))
    return model
