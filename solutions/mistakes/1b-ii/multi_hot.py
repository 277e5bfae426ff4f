"""The encoder gives a flag a vocabulary word, not indices.

Breaks: indices
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens, output_mode="multi_hot")
    encoder.adapt(train_ds.map(lambda overviews, _labels: overviews))
    return encoder
