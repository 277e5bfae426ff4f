"""The encoder is built again from its words, not used itself.

Breaks: given-layers
"""

_build = build_lstm


def build_lstm(encoder, embedder, n_genres=25):
    copy = layers.TextVectorization.from_config(encoder.get_config())
    copy.set_vocabulary(encoder.get_vocabulary()[2:])
    return _build(copy, embedder, n_genres)
