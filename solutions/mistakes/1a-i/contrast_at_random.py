"""The contrast changes at random, by a tenth at most.

Breaks: same
"""


def img_process(image, label):
    scaled = tf.cast(image, tf.float32) / 255.0
    scaled = tf.image.random_contrast(tf.image.resize(scaled, (64, 64)), 0.9, 1.1)
    return tf.clip_by_value(scaled, 0.0, 1.0), label
