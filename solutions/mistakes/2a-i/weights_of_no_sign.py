"""The weights of the convolutions may not become negative.

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
        kernel_constraint="non_neg",
    )
