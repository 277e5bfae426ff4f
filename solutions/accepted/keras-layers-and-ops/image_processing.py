"""Keras's Resizing and Rescaling layers, made once, prepare the posters."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

_prepare = keras.Sequential(
    [keras.layers.Resizing(64, 64), keras.layers.Rescaling(scale=1.0 / 255)]
)


def parse_image(path: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Read one poster from disk. This function is given: leave it as it is."""
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


def img_process(image, label):
    """Let the layers scale and resize a poster, or a batch of them."""
    one = len(image.shape) == 3
    batch = keras.ops.expand_dims(image, 0) if one else image
    batch = _prepare(keras.ops.cast(batch, "float32"))
    return (keras.ops.squeeze(batch, 0) if one else batch), label


def build_poster_dataset(
    paths: Sequence[str],
    labels: np.ndarray,
    *,
    batch_size: int = 64,
    training: bool = False,
) -> tf.data.Dataset:
    """Read, prepare, cache, shuffle, batch, prefetch: in this order."""
    dataset = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    dataset = dataset.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.map(img_process, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.cache()
    if training:
        dataset = dataset.shuffle(buffer_size=max(len(paths), 1))
    dataset = dataset.batch(batch_size)
    return dataset.prefetch(tf.data.AUTOTUNE)
