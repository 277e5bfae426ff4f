"""Adapts on single overviews, and cuts them to 60 words."""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = tf.keras.layers.TextVectorization(max_tokens, output_sequence_length=60)
    encoder.adapt(train_ds.unbatch().map(lambda text, _label: text).batch(32))
    return encoder
