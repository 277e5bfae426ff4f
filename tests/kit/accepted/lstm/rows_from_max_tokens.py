"""Right: as many rows as the encoder may ever have entries."""

import tensorflow as tf


def build_embedder(
    encoder: keras.layers.TextVectorization,
) -> keras.layers.Embedding:
    rows = encoder.get_config()["max_tokens"]
    return tf.keras.layers.Embedding(input_dim=rows, output_dim=256, mask_zero=True)
