"""The vocabulary is learnt from one batch.

Breaks: learnt
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(next(iter(train_ds))[0])
    return encoder
