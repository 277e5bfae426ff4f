"""The embedding is built again from its configuration, not used itself.

Breaks: given-layers
"""

_build = build_lstm


def build_lstm(encoder, embedder, n_genres=25):
    copy = layers.Embedding.from_config(embedder.get_config())
    return _build(encoder, copy, n_genres)
