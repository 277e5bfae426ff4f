"""The convolutions have an L2 penalty on their weights.

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
        kernel_regularizer="l2",
    )
