"""A layer of its own gives 0 to unknown words, which padding has.

Breaks: unknown-words
"""


class QuietEncoder(keras.layers.TextVectorization):
    def call(self, inputs):
        indices = super().call(inputs)
        return tf.where(indices == 1, tf.zeros_like(indices), indices)


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = QuietEncoder(max_tokens=max_tokens)
    encoder.adapt(train_ds.map(lambda overviews, labels: overviews))
    return encoder
