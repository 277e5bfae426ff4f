"""adapt() gets pairs of overviews and labels.

Breaks: learnt
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(train_ds)
    return encoder
