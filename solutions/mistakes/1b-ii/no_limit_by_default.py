"""The vocabulary has no limit unless one is asked for.

Breaks: default-tokens
"""


def build_encoder(train_ds, *, max_tokens=None):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(train_ds.map(lambda overviews, labels: overviews))
    return encoder
