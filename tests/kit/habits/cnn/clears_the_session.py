"""Clears Keras's session before it builds anything."""

_build_cnn = build_cnn


def build_cnn(n_genres=25):
    keras.backend.clear_session()
    return _build_cnn(n_genres)
