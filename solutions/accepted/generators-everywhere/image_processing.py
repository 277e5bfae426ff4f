"""A Python generator yields paths and labels; the rest of the pipeline is mapped."""
import tensorflow as tf


def parse_image(path, label):
    """Read one poster from disk. This function is given: leave it as it is."""
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


def img_process(image, label):
    floats = tf.image.convert_image_dtype(image, dtype=tf.float32)   # divides by 255
    return tf.image.resize(floats, size=(64, 64)), label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    def films():
        yield from zip(map(str, paths), labels)

    dataset = tf.data.Dataset.from_generator(films, output_signature=(
        tf.TensorSpec(shape=(), dtype=tf.string),
        tf.TensorSpec(shape=labels.shape[1:], dtype=labels.dtype),
    ))
    for step in (parse_image, img_process):
        dataset = dataset.map(step, num_parallel_calls=tf.data.AUTOTUNE)
    dataset = dataset.cache()
    if training:
        # a generator has no length, so the dataset cannot be asked for it
        dataset = dataset.shuffle(len(paths), reshuffle_each_iteration=True)
    return dataset.batch(batch_size).prefetch(tf.data.AUTOTUNE)
