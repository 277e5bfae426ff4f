"""A list of common words is put into the vocabulary.

Breaks: training-only
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    texts = train_ds.map(lambda overviews, _labels: overviews)
    encoder.adapt(texts.concatenate(tf.data.Dataset.from_tensors(["the a of and"])))
    return encoder
