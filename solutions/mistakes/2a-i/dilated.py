"""Conv1 to Conv6 look at every other pixel (dilation_rate 2).

Breaks: defaults
"""


def _conv(name, filters, strides=1):
    return layers.Conv2D(
        filters,
        3,
        strides=strides,
        padding="same",
        dilation_rate=1 if strides == 2 else 2,
        activation="relu",
        name=name,
    )
