"""Only a single poster works, no batch.

Breaks: batch
"""


def img_process(image, label):
    image = tf.cast(tf.reshape(image, (image.shape[0], -1, 3)), tf.float32) / 255.0
    image = tf.image.resize(image, (64, 64))
    return tf.reshape(image, (64, 64, 3)), label
