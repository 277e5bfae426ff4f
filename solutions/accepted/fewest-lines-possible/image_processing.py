"""Prepares a picture in one expression, and the pipeline in another."""
import tensorflow as tf


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


def img_process(image, label): return tf.image.resize(image, (64, 64), antialias=True) / 255, label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
	ds = tf.data.Dataset.from_tensor_slices((list(paths), labels)).map(lambda p, y: img_process(*parse_image(p, y)), -1).cache()
	return (ds.shuffle(len(paths)) if training else ds).batch(batch_size).prefetch(-1)
