"""Ten batches are learnt (take(10), left over from trying things out).

Breaks: learnt
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(train_ds.map(lambda overviews, _labels: overviews).take(10))
    return encoder
