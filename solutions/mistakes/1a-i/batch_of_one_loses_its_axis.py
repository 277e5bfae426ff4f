"""Axes of size 1 are taken away, and with them a batch of one poster.

Breaks: batch
"""


def img_process(image, label):
    scaled = tf.image.resize(tf.cast(image, tf.float32) / 255.0, (64, 64))
    return tf.squeeze(scaled), label
