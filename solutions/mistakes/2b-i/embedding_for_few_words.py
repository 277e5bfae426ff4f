"""A fixed number of rows, too small for other vocabularies.

Breaks: rows
"""


def build_embedder(
    encoder: keras.layers.TextVectorization,
) -> keras.layers.Embedding:
    return layers.Embedding(1000, 256, mask_zero=True)
