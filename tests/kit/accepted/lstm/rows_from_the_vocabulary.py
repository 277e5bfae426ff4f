"""Right: as many rows as the vocabulary has words; keywords and a name."""


def build_embedder(
    encoder: keras.layers.TextVectorization,
) -> keras.layers.Embedding:
    return keras.layers.Embedding(
        len(encoder.get_vocabulary()),
        256,
        embeddings_initializer="uniform",
        mask_zero=True,
        name="embedder",
    )
