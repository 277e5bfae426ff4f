"""Words of validation films are learnt as well.

Breaks: training-only
"""

VALIDATION = tf.data.Dataset.from_tensors(["a comet above the orchard"])


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    texts = train_ds.map(lambda overviews, _labels: overviews)
    encoder.adapt(texts.concatenate(VALIDATION))
    return encoder
