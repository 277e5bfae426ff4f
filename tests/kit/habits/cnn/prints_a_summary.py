"""Prints a summary of each network."""

_build_cnn = build_cnn


def build_cnn(n_genres=25):
    model = _build_cnn(n_genres)
    model.summary()
    return model
