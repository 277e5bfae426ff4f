"""The words of an overview come in reverse order.

Breaks: indices
"""


def _backwards(texts):
    return tf.reverse(tf.strings.split(texts).to_tensor(), axis=[-1])


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens, split=_backwards)
    encoder.adapt(train_ds.map(lambda overviews, _labels: overviews))
    return encoder
