"""Writes words in capitals."""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(
        max_tokens=max_tokens, standardize=tf.strings.upper
    )
    encoder.adapt([text.decode() for batch in train_ds for text in batch[0].numpy()])
    return encoder
