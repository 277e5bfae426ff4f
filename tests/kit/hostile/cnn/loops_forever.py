"""2a-i: looks for a better network, and never stops looking."""


def build_cnn(n_genres: int = 25) -> keras.Model:
    width = n_genres
    while True:
        width = width * 31 % 1024
