"""Conv0 without its stride of 2.

Breaks: strides
"""


def _conv(name: str, filters: int, strides: int = 1) -> layers.Conv2D:
    return layers.Conv2D(filters, 3, padding="same", activation="relu", name=name)
