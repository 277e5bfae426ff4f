"""The words that come last are kept, not the most frequent ones.

Breaks: frequent
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    texts = [t.decode() for batch, _ in train_ds for t in batch.numpy()]
    words = list(dict.fromkeys(" ".join(reversed(texts)).split()))
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.set_vocabulary(words[: max_tokens - 2])
    return encoder
