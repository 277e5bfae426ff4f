"""Slices the columns of a data frame; caches raw pictures, and prepares them later."""
import pandas as pd
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


def img_process(image, label):
    resized = tf.image.resize(image, size=(64, 64))
    # Dividing is up to me: resize has already made floats of the integers.
    return resized / 255, label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    frame = pd.DataFrame({"path": list(paths)})
    frame["path"] = frame["path"].astype(str)
    films = tf.data.Dataset.from_tensor_slices((frame["path"].to_list(), labels))
    films = films.map(parse_image, num_parallel_calls=4).cache()
    if training:
        films = films.shuffle(buffer_size=max(len(frame), 10_000))
    films = films.map(img_process, num_parallel_calls=4)
    return films.batch(batch_size).prefetch(4)
