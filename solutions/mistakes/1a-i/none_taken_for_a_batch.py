"""None as the first size is taken for a batch axis, as in model.summary().

Breaks: map
"""


def img_process(image, label):
    is_batch = image.shape[0] is None
    image = tf.image.resize(tf.cast(image, tf.float32) / 255.0, (64, 64))
    if is_batch:
        image = tf.reshape(image, (-1, 64, 64, 3))
    return image, label
