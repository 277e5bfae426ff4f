"""The image leaves TensorFlow, so no pipeline can use it.

Breaks: map
"""


def img_process(image, label):
    image = tf.image.resize(image.numpy().astype("float32") / 255.0, (64, 64))
    return image, label
