"""Files are interleaved, a few at a time; functools.partial presets the arguments."""

from functools import partial

import tensorflow as tf

AUTOTUNE = tf.data.AUTOTUNE

resize = partial(tf.image.resize, size=(64, 64), method="bilinear", antialias=True)


def parse_image(path, label):
    image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
    return image, label


def img_process(image, label):
    return resize(tf.image.convert_image_dtype(image, tf.float32)), label


def _one_film(path, label, steps):
    film = tf.data.Dataset.from_tensors((path, label))
    for step in steps:
        film = film.map(step)
    return film


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    read = partial(_one_film, steps=(parse_image, img_process))
    films = (
        tf.data.Dataset.from_tensor_slices((list(paths), labels))
        .interleave(read, cycle_length=4, block_length=1, num_parallel_calls=AUTOTUNE)
        .cache()
    )
    if training:
        # a buffer that is larger than needed holds all films, too
        films = films.shuffle(buffer_size=len(paths) + 1000)
    return films.batch(batch_size).prefetch(1)
