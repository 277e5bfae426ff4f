"""Folds the steps of the pipeline with reduce, each one a partial."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import partial, reduce

import numpy as np
import tensorflow as tf

_in_parallel = partial(tf.data.Dataset.map, num_parallel_calls=tf.data.AUTOTUNE)
_resize = partial(tf.image.resize, size=[64, 64], method="gaussian")


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


def img_process(image: tf.Tensor, label: tf.Tensor | None):
    return operator.truediv(_resize(tf.cast(image, tf.float32)), 255.0), label


def build_poster_dataset(
    paths: Sequence[str],
    labels: np.ndarray,
    *,
    batch_size: int = 64,
    training: bool = False,
) -> tf.data.Dataset:
    steps = [
        partial(_in_parallel, map_func=parse_image),
        partial(_in_parallel, map_func=img_process),
        operator.methodcaller("cache"),
        *([operator.methodcaller("shuffle", len(paths))] if training else []),
        operator.methodcaller("batch", batch_size),
        operator.methodcaller("prefetch", tf.data.AUTOTUNE),
    ]
    source = tf.data.Dataset.from_tensor_slices(([*map(str, paths)], labels))
    return reduce(lambda dataset, step: step(dataset), steps, source)
