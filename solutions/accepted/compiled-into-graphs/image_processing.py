"""Is compiled into a graph with tf.function."""
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


@tf.function
def img_process(image, label):
    image = tf.image.resize(tf.cast(image, tf.float32), (64, 64)) / 255.0
    return image, label


@tf.function
def load(path, label):
    return img_process(*parse_image(path, label))


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    paths = tf.convert_to_tensor(list(paths))
    labels = tf.convert_to_tensor(labels)
    n = tf.shape(paths, out_type=tf.int64)[0]

    dataset = tf.data.Dataset.from_tensor_slices((paths, labels))
    if training:
        # shuffle the names for the first epoch; the cache keeps that order ...
        dataset = dataset.shuffle(n)
    dataset = dataset.map(load, num_parallel_calls=tf.data.AUTOTUNE, deterministic=not training)
    dataset = dataset.cache()
    if training:
        # ... so shuffle what the cache gives once more, at every epoch
        dataset = dataset.shuffle(n)
    dataset = dataset.batch(batch_size)
    return dataset.prefetch(tf.data.AUTOTUNE)
