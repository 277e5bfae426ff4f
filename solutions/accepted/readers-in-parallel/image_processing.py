"""Reads several files at a time with a parallel interleave; picks nearest pixels."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf

READERS = 4


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


def img_process(image: tf.Tensor, label: tf.Tensor | None) -> tuple[tf.Tensor, tf.Tensor | None]:
    # The nearest pixel is still an integer, so convert_image_dtype divides by 255.
    image = tf.image.resize(image, (64, 64), method="nearest")
    return tf.image.convert_image_dtype(image, tf.float32), label


def _read_one(path: tf.Tensor, label: tf.Tensor) -> tf.data.Dataset:
    """A data set of a single film, for interleave."""
    return tf.data.Dataset.from_tensors((path, label)).map(parse_image).map(img_process)


def build_poster_dataset(
    paths: Sequence[str], labels: np.ndarray, *, batch_size: int = 64, training: bool = False
) -> tf.data.Dataset:
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.interleave(
        _read_one,
        cycle_length=READERS,
        num_parallel_calls=READERS,
        deterministic=True,  # validation films must keep their order
    )
    films = films.cache()
    if training:
        films = films.shuffle(films.cardinality().numpy() + len(paths) + 3)
    return films.batch(batch_size, num_parallel_calls=READERS).prefetch(1)
