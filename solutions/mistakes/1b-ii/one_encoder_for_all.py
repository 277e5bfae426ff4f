"""One encoder, made at import, learns anew at every call.

Breaks: new-layer
"""

_ENCODER = keras.layers.TextVectorization()


def build_encoder(train_ds, *, max_tokens=10_000):
    _ENCODER._lookup_layer.max_tokens = max_tokens
    _ENCODER.adapt(train_ds.map(lambda overviews, _labels: overviews))
    return _ENCODER
