"""Matches the rank of what it is given: a single poster is a batch of one."""

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


def img_process(image, label=None):
    image = tf.image.convert_image_dtype(image, tf.float32)
    match image.shape.rank:
        case 3:
            resized = tf.image.resize(image[tf.newaxis], (64, 64))[0]
            return tf.ensure_shape(resized, (64, 64, 3)), label
        case 4:
            return tf.image.resize(image, (64, 64)), label
        case rank:
            raise ValueError(f"an image of rank {rank}?")


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    films = films.map(parse_image, num_parallel_calls=tf.data.AUTOTUNE)
    films = films.map(img_process, num_parallel_calls=tf.data.AUTOTUNE)
    match training:
        case True:
            films = films.cache().shuffle(len(paths))
        case _:
            films = films.cache()
    return films.batch(batch_size).prefetch(tf.data.AUTOTUNE)
