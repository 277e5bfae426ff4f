"""Conv0 without padding, which leaves the number of its parameters.

Breaks: padding
"""


def _conv(name: str, filters: int, strides: int = 1) -> layers.Conv2D:
    padding = "same" if strides == 1 else "valid"
    return layers.Conv2D(filters, 3, strides, padding, activation="relu", name=name)
