"""The last, smaller batch is left out when words are learnt.

Breaks: learnt
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    batches = int(train_ds.cardinality()) - 1
    encoder.adapt(train_ds.take(batches).map(lambda overviews, _labels: overviews))
    return encoder
