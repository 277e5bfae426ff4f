"""No rows for padding and unknown words.

Breaks: rows
"""


def build_embedder(
    encoder: keras.layers.TextVectorization,
) -> keras.layers.Embedding:
    return layers.Embedding(encoder.vocabulary_size() - 2, 256, mask_zero=True)
