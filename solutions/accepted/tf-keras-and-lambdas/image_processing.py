"""Maps lambdas, imports everything through TensorFlow, and averages areas."""
import os

import tensorflow as tf

AUTOTUNE = tf.data.experimental.AUTOTUNE


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


scale = lambda image: tf.divide(tf.image.resize(image, (64, 64), method=tf.image.ResizeMethod.AREA), 255.0)
img_process = lambda image, label: (scale(image), label)


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    ds = tf.data.Dataset.from_tensor_slices((tf.constant([os.fspath(p) for p in paths]), labels))
    ds = (
        ds.map(lambda p, y: img_process(*parse_image(p, y)), num_parallel_calls=AUTOTUNE)
          .cache()
    )
    ds = ds.apply(lambda d: d.shuffle(len(paths)) if training else d)
    return ds.batch(batch_size).prefetch(AUTOTUNE)
