"""Padding is not masked.

Breaks: mask
"""


def build_embedder(
    encoder: keras.layers.TextVectorization,
) -> keras.layers.Embedding:
    return layers.Embedding(encoder.vocabulary_size(), 256)
