"""Resizes sharply, cuts off what overshoots, and mirrors training posters."""

import tensorflow as tf


def img_process(image, label):
    scaled = tf.cast(image, tf.float32) / 255.0
    small = tf.image.resize(scaled, (64, 64), method="lanczos3", antialias=True)
    return tf.clip_by_value(small, 0.0, 1.0), label


def _mirror(image, label):
    return tf.image.random_flip_left_right(image), label


def build_poster_dataset(paths, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices((list(paths), labels))
    # training films are shuffled anyway: the fastest poster may come first
    films = films.map(parse_image, 4, deterministic=not training)
    films = films.map(img_process, 4, deterministic=not training).cache()
    if training:
        films = films.shuffle(len(paths)).map(_mirror)
    return films.batch(batch_size).prefetch(2)
