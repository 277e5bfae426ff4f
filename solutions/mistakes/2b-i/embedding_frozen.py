"""The embedding does not learn (trainable=False).

Breaks: new-embedding
"""


def build_embedder(encoder):
    return layers.Embedding(
        encoder.vocabulary_size(), 256, mask_zero=True, trainable=False
    )
