"""Posters smaller than 64 x 64 are enlarged by bicubic resizing.

Breaks: edges
"""


def img_process(image, label):
    scaled = tf.cast(image, tf.float32) / 255.0
    size = tf.reduce_min(tf.shape(scaled)[-3:-1])
    smooth = tf.image.resize(scaled, (64, 64), method="bicubic")
    return tf.where(size < 64, smooth, tf.image.resize(scaled, (64, 64))), label
