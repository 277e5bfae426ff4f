"""Integers are divided with //, which leaves nothing but 0.

Breaks: scale
"""


def img_process(image, label):
    image = image // 255
    return tf.image.resize(image, (64, 64)), label
