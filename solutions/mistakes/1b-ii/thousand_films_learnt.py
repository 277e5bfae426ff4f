"""The vocabulary is that of the first thousand films.

Breaks: learnt
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    overviews = train_ds.map(lambda overviews, _labels: overviews)
    encoder.adapt(overviews.unbatch().take(1000).batch(64))
    return encoder
