"""A batch is divided by its brightest pixel, only a single poster by 255.

Breaks: batch
"""


def img_process(image, label):
    pixels = tf.cast(image, tf.float32)
    top = tf.reduce_max(pixels) if image.shape.rank == 4 else 255.0
    return tf.image.resize(pixels / top, (64, 64)), label
