"""The encoder has learnt nothing.

Breaks: learnt
"""


def build_encoder(train_ds, *, max_tokens=10_000):
    return keras.layers.TextVectorization(max_tokens=max_tokens)
