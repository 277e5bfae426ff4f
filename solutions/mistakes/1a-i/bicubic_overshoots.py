"""Bicubic resizing leaves [0, 1] beside sharp edges.

Breaks: edges
"""


def img_process(image, label):
    scaled = tf.cast(image, tf.float32) / 255.0
    return tf.image.resize(scaled, (64, 64), method="bicubic"), label
