"""Pixels are divided by 256, so that white is a little less than 1.

Breaks: scale
"""


def img_process(image, label):
    scaled = tf.cast(image, tf.float32) / 256.0
    return tf.image.resize(scaled, (64, 64)), label
