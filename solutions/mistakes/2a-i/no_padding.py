"""Convolutions without padding, so that nothing is left to convolve.

Breaks: padding
"""


def _conv(name: str, filters: int, strides: int = 1) -> layers.Conv2D:
    return layers.Conv2D(filters, 3, strides=strides, activation="relu", name=name)
