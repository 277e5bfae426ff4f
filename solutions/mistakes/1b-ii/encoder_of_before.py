"""The first encoder is kept, whatever films come next.

Breaks: new-layer
"""

_KEPT = {}


def build_encoder(train_ds, *, max_tokens=10_000):
    if max_tokens not in _KEPT:
        encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
        encoder.adapt(train_ds.map(lambda overviews, _labels: overviews))
        _KEPT[max_tokens] = encoder
    return _KEPT[max_tokens]
