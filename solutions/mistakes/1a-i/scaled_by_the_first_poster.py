"""The scale is the maximum of the first poster that was seen.

Breaks: scale, same
"""

_TOP = []


def img_process(image, label):
    pixels = tf.cast(image, tf.float32)
    if tf.executing_eagerly() and not _TOP:
        _TOP.append(float(tf.reduce_max(pixels)))
    return tf.image.resize(pixels / (_TOP or [255.0])[0], (64, 64)), label
