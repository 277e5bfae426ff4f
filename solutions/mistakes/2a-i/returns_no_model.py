"""The model is printed, not returned.

Breaks: functional
"""

build_and_return = build_cnn


def build_cnn(n_genres: int = 25) -> keras.Model:
    build_and_return(n_genres).summary()
