"""The vocabulary has 10,000 entries whatever is asked for.

Breaks: max-tokens
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=10_000)
    encoder.adapt(train_ds.map(lambda overviews, _labels: overviews))
    return encoder
