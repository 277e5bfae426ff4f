"""Batches before it prepares pictures, and resizes them with a Lanczos filter."""
from __future__ import annotations
import numpy as np, tensorflow as tf


def parse_image(path: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Read one poster from disk. This function is given: leave it as it is.

    Args:
        path: Path of a JPEG file, a scalar string tensor.
        label: The film's genres; any shape and dtype.

    Returns:
        The picture, uint8 in 0..255, shape (height, width, 3), and the label
        untouched.

    Raises:
        tf.errors.NotFoundError: No file has that path.
    """
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


def img_process(image, label):
    image = tf.cast(image, tf.float32) / 255.0
    # Lanczos overshoots at sharp edges, so what is outside of [0, 1] is cut off.
    image = tf.image.resize(image, (64, 64), method=tf.image.ResizeMethod.LANCZOS3)
    return tf.clip_by_value(image, 0.0, 1.0), label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    n = len(paths)
    pictures = tf.data.Dataset.from_tensor_slices(np.asarray(paths).astype(str))
    films = tf.data.Dataset.zip(pictures, tf.data.Dataset.from_tensor_slices(labels))
    # each film a batch of its own until it is prepared: img_process can do both
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE).batch(1)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE).unbatch().cache()
    if training: films = films.shuffle(n, reshuffle_each_iteration=True)
    films = films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
    return films
