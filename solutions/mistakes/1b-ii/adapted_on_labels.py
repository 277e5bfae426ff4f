"""The vocabulary is learnt from the labels.

Breaks: learnt
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(train_ds.map(lambda _overviews, labels: labels))
    return encoder
