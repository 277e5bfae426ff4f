"""Collects the steps in a class; converts first, then resizes with antialiasing."""

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
    # convert_image_dtype only divides integers: this line has to come first!
    image = tf.image.convert_image_dtype(image, tf.float32)
    image = tf.image.resize(image, (64, 64), antialias=True)
    return image, label


class PosterPipeline:
    """Posters and labels, step by step."""

    def __init__(self, paths, labels):
        self.n = len(paths)
        self.ds = tf.data.Dataset.from_tensor_slices((list(paths), labels))

    def map(self, function):
        self.ds = self.ds.map(function, num_parallel_calls=tf.data.AUTOTUNE)
        return self

    def cache(self):
        self.ds = self.ds.cache()
        return self

    def shuffle(self):
        self.ds = self.ds.shuffle(self.n, seed=42, reshuffle_each_iteration=True)
        return self

    def batches(self, size):
        return self.ds.batch(size, drop_remainder=False).prefetch(tf.data.AUTOTUNE)


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    pipeline = PosterPipeline(paths, labels).map(parse_image).map(img_process).cache()
    if training:
        pipeline.shuffle()
    return pipeline.batches(batch_size)
