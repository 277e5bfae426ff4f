"""The label is turned into floats, which None cannot be.

Breaks: label
"""


def img_process(image, label):
    image = tf.image.resize(tf.cast(image, tf.float32) / 255.0, (64, 64))
    return image, tf.cast(label, tf.float32)
