"""Pads nothing: the encoder gives ragged rows."""


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(
        max_tokens=max_tokens, ragged=True, standardize="lower"
    )
    encoder.adapt(train_ds.map(lambda *film: film[0]))
    return encoder
