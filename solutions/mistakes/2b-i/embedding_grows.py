"""Large vocabularies get longer vectors.

Breaks: width
"""


def build_embedder(encoder):
    rows = encoder.vocabulary_size()
    return layers.Embedding(rows, 256 if rows < 250 else 300, mask_zero=True)
