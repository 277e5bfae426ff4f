"""Posters are mirrored at random, as an augmentation.

Breaks: whole, same
"""


def img_process(image, label):
    scaled = tf.cast(image, tf.float32) / 255.0
    return tf.image.random_flip_left_right(tf.image.resize(scaled, (64, 64))), label
