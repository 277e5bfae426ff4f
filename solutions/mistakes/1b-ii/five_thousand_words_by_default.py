"""5,000 entries by default.

Breaks: default-tokens
"""


def build_encoder(train_ds, *, max_tokens=5_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(train_ds.map(lambda overviews, _labels: overviews))
    return encoder
