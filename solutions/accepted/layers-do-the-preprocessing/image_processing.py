"""Resizes with a Resizing layer, divides with a Rescaling layer."""

import keras
import numpy as np
import tensorflow as tf

# The two layers have no weights, so they can be made once and used for everything.
resizing = keras.layers.Resizing(height=64, width=64)
rescaling = keras.layers.Rescaling(scale=1.0 / 255)


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
    """Prepare one poster (or a batch of them) for the CNN."""
    image = resizing(image)  # float32 now, still 0..255
    image = rescaling(image)  # 0..1
    return image, label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    """Make the input pipeline of the posters.

    Cache comes BEFORE shuffle, otherwise the first shuffled order would be cached.
    """
    paths = np.array(paths, dtype=str)
    labels = np.array(labels)

    ds = tf.data.Dataset.from_tensor_slices((paths, labels))
    ds = ds.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    ds = ds.map(img_process, num_parallel_calls=tf.data.AUTOTUNE)
    ds = ds.cache()
    if training:
        ds = ds.shuffle(buffer_size=len(paths))
    ds = ds.batch(batch_size)
    ds = ds.prefetch(tf.data.AUTOTUNE)
    return ds
