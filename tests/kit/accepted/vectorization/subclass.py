"""Returns a layer of a class of its own, made from TextVectorization."""


class Encoder(keras.layers.TextVectorization):
    pass


def build_encoder(train_ds, *, max_tokens=10000):
    encoder = Encoder(max_tokens=max_tokens, pad_to_max_tokens=False, name="encoder")
    encoder.adapt(data=train_ds.map(lambda text, _: text), batch_size=None)
    return encoder
