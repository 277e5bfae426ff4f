"""Treats a single poster as a batch of one, and ensures the shape."""


def img_process(image, label=None):
    image = tf.image.convert_image_dtype(image, tf.float32)
    if image.shape.rank == 3:
        resized = tf.image.resize(image[tf.newaxis], (64, 64))[0]
        return tf.ensure_shape(resized, (64, 64, 3)), label
    return tf.image.resize(image, (64, 64)), label
