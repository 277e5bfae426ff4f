"""Rows and columns in the wrong places.

Breaks: width, rows
"""


def build_embedder(
    encoder: keras.layers.TextVectorization,
) -> keras.layers.Embedding:
    return layers.Embedding(256, encoder.vocabulary_size(), mask_zero=True)
