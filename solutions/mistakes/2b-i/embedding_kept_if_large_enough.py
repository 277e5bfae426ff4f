"""An embedding that was made before comes back if it has enough rows.

Breaks: new-embedding
"""

_KEPT = []


def build_embedder(encoder):
    rows = encoder.vocabulary_size()
    for embedder in _KEPT:
        if embedder.input_dim >= rows:
            return embedder
    _KEPT.append(layers.Embedding(rows, 256, mask_zero=True))
    return _KEPT[-1]
