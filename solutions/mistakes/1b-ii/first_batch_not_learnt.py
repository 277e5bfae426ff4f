"""The first batch is used up by a look at it, and its words are not learnt.

Breaks: learnt
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    batches = iter(train_ds)
    next(batches)
    encoder.adapt(tf.concat([overviews for overviews, _ in batches], axis=0))
    return encoder
