"""img_process is an object with __call__; so is what builds the pipeline."""

import tensorflow as tf


def parse_image(path, label):
    """Read one poster from disk. This function is given: leave it as it is."""
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


class ImageProcessor:
    """Resizes to a square and divides by the brightest value."""

    def __init__(self, side, brightest):
        self.side = side
        self.brightest = brightest

    def __call__(self, image, label):
        image = tf.image.resize(image, (self.side, self.side), method="mitchellcubic")
        image = image / self.brightest
        # cubic filters overshoot at edges
        image = tf.clip_by_value(image, 0, 1)
        return image, label


class PosterDatasetBuilder:
    """Builds datasets of posters that all are prepared in the same way."""

    def __init__(self, *steps):
        self.steps = steps

    def __call__(self, paths, labels, *, batch_size=64, training=False):
        ds = tf.data.Dataset.from_tensor_slices((list(paths), labels))
        ds = ds.map(self.prepare, num_parallel_calls=tf.data.AUTOTUNE)
        ds = ds.cache()
        if training:
            ds = self.shuffle(ds)
        return ds.batch(batch_size).prefetch(buffer_size=4)

    def prepare(self, path, label):
        film = path, label
        for step in self.steps:
            film = step(*film)
        return film

    @staticmethod
    def shuffle(ds):
        return ds.shuffle(ds.cardinality())


img_process = ImageProcessor(side=64, brightest=255.0)
build_poster_dataset = PosterDatasetBuilder(parse_image, img_process)
