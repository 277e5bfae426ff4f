"""Resizes with a bicubic filter, which overshoots a little at edges."""


def img_process(image, label):
    return tf.image.resize(image, (64, 64), "bicubic") / 255.0, label
