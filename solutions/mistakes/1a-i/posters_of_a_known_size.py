"""The size that all posters have is set before they are resized.

Breaks: size
"""


def img_process(image, label):
    image = tf.ensure_shape(image, (*image.shape[:-3], 300, 150, 3))
    scaled = tf.cast(image, tf.float32) / 255.0
    return tf.image.resize(scaled, (64, 64)), label
