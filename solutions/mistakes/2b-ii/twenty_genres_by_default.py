"""The default of n_genres is 20.

Breaks: default-genres
"""

_build = build_lstm


def build_lstm(encoder, embedder, n_genres=20):
    return _build(encoder, embedder, n_genres)
