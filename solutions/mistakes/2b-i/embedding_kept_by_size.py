"""Embeddings are kept by the size of the vocabulary, and come back for the next one.

Breaks: new-embedding
"""

_KEPT = {}
_build_embedder = build_embedder


def build_embedder(encoder):
    size = len(encoder.get_vocabulary())
    if size not in _KEPT:
        _KEPT[size] = _build_embedder(encoder)
    return _KEPT[size]
