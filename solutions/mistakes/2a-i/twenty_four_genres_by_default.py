"""The default of n_genres is 24.

Breaks: default-genres
"""

_build = build_cnn


def build_cnn(n_genres=24):
    return _build(n_genres)
