"""A batch axis is put in front, because the network wants one.

Breaks: size
"""


def img_process(image, label):
    image = tf.image.resize(tf.cast(image, tf.float32) / 255.0, (64, 64))
    return tf.expand_dims(image, 0), label
