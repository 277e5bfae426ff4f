"""Padding is masked only where the vocabulary is small.

Breaks: mask
"""


def build_embedder(encoder):
    rows = encoder.vocabulary_size()
    return layers.Embedding(rows, 256, mask_zero=rows < 100)
