"""convert_image_dtype comes after resize, where it changes nothing.

Breaks: scale
"""


def img_process(image, label):
    image = tf.image.resize(image, (64, 64))
    return tf.image.convert_image_dtype(image, tf.float32), label
