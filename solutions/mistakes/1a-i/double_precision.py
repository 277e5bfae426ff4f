"""Pixels are float64, as NumPy would divide them.

Breaks: dtype
"""


def img_process(image, label):
    scaled = tf.cast(image, tf.float64) / 255.0
    return tf.cast(tf.image.resize(scaled, (64, 64)), tf.float64), label
