"""The entries for padding and unknown words are not counted.

Breaks: max-tokens
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens + 2)
    encoder.adapt(train_ds.map(lambda overviews, _labels: overviews))
    return encoder
