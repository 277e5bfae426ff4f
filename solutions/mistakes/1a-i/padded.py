"""Posters keep their proportions and get black borders.

Breaks: whole
"""


def img_process(image, label):
    image = tf.cast(image, tf.float32) / 255.0
    return tf.image.resize_with_pad(image, 64, 64), label
