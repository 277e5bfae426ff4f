"""Collects the overviews in an array and adapts on that."""


def build_encoder(train_ds, *, max_tokens=10_000):
    texts = np.concatenate([batch.numpy() for batch, _ in train_ds])
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens, output_mode="int")
    encoder.adapt(texts)
    return encoder
