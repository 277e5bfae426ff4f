"""A label that is None becomes a 0.

Breaks: label
"""


def img_process(image, label):
    scaled = tf.cast(image, tf.float32) / 255.0
    label = tf.constant(0) if label is None else label
    return tf.image.resize(scaled, (64, 64)), label
