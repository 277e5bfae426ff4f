"""The convolutions are not trainable.

Breaks: defaults
"""


def _conv(name, filters, strides=1):
    made = layers.Conv2D(
        filters, 3, strides=strides, padding="same", activation="relu", name=name
    )
    made.trainable = False
    return made
