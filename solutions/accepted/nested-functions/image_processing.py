"""Everything is defined where it is used; one poster is treated as a batch of one."""

import tensorflow as tf


def parse_image(path, label):
    """Read one poster from disk. This function is given: leave it as it is."""
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


def img_process(image, label=None):
    def scale(x):
        return tf.image.convert_image_dtype(x, tf.float32)

    def squeeze(x):
        return tf.image.resize(x, (64, 64))

    def one(x):
        batch = x[tf.newaxis]
        return tf.ensure_shape(squeeze(batch)[0], (64, 64, 3))

    if image.shape.rank == 3:
        return one(scale(image)), label
    return squeeze(scale(image)), label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    def source():
        return tf.data.Dataset.from_tensor_slices((list(paths), labels))

    def in_parallel(function):
        def apply(ds):
            return ds.map(function, num_parallel_calls=tf.data.AUTOTUNE)

        return apply

    def cached(ds):
        return ds.cache()

    def shuffled_if_training(ds):
        return ds.shuffle(len(paths)) if training else ds

    def batched(ds):
        return ds.batch(batch_size)

    def prefetched(ds):
        return ds.prefetch(tf.data.AUTOTUNE)

    return (
        source()
        .apply(in_parallel(parse_image))
        .apply(in_parallel(img_process))
        .apply(cached)
        .apply(shuffled_if_training)
        .apply(batched)
        .apply(prefetched)
    )
