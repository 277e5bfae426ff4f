"""The first network is kept, and comes back at every later call.

Breaks: own-layers
"""

_KEPT = {}
_build = build_lstm


def build_lstm(encoder, embedder, n_genres=25):
    if n_genres not in _KEPT:
        _KEPT[n_genres] = _build(encoder, embedder, n_genres)
    return _KEPT[n_genres]
