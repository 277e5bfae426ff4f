"""Conv0 looks at 5 x 5 pixels, the others at 3 x 3.

Breaks: kernels
"""


def _conv(name, filters, strides=1):
    size = 5 if name == "Conv0" else 3
    return layers.Conv2D(
        filters, size, strides=strides, padding="same", activation="relu", name=name
    )
