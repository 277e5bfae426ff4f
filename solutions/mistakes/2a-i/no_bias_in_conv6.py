"""Conv6 has no bias.

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
        use_bias=name != "Conv6",
    )
