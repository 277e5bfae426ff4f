"""265 numbers a word, the other number of the original brief.

Breaks: width
"""


def build_embedder(
    encoder: keras.layers.TextVectorization,
) -> keras.layers.Embedding:
    return layers.Embedding(encoder.vocabulary_size(), 265, mask_zero=True)
