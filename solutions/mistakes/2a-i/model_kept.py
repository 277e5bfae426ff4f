"""The network is built once, and the same one comes back at every call.

Breaks: own-layers
"""

_MODELS = {}
_build = build_cnn


def build_cnn(n_genres=25):
    if n_genres not in _MODELS:
        _MODELS[n_genres] = _build(n_genres)
    return _MODELS[n_genres]
