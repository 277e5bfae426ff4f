"""All weights of the convolutions begin as 0, and so they can never learn.

Breaks: defaults
"""


def _conv(name, filters, strides=1):
    return layers.Conv2D(
        filters,
        3,
        strides=strides,
        padding="same",
        activation="relu",
        name=name,
        kernel_initializer="zeros",
    )
