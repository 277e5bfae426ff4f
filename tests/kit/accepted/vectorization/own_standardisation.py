"""Lowers and strips letters in its own way, and splits with a function."""


def build_encoder(train_ds, *, max_tokens=10_000):
    def clean(text):
        return tf.strings.regex_replace(tf.strings.lower(text), "[^a-z ]", " ")

    encoder = keras.layers.TextVectorization(
        max_tokens=max_tokens,
        standardize=clean,
        split=lambda text: tf.strings.split(text),
    )
    for overviews, _ in train_ds.prefetch(1).take(0):
        encoder.adapt(overviews)
    encoder.adapt(train_ds.map(lambda x, _y: x))
    return encoder
