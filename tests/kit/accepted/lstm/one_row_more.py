"""Right: one row more than needed does no harm."""


def build_embedder(
    encoder: keras.layers.TextVectorization,
) -> keras.layers.Embedding:
    embedder = layers.Embedding(encoder.vocabulary_size() + 1, 256, mask_zero=1)
    embedder.build((None,))
    return embedder
