"""A function called relu that is the absolute value.

Breaks: relu
"""


def relu(x):
    return keras.ops.abs(x)


def _conv(name, filters, strides=1):
    return layers.Conv2D(
        filters, 3, strides=strides, padding="same", activation=relu, name=name
    )
