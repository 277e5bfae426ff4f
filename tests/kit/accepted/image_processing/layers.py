"""Uses Keras's preprocessing layers."""

import keras


def img_process(image, label):
    image = keras.layers.Resizing(64, 64)(image)
    return keras.layers.Rescaling(1.0 / 255)(image), label
