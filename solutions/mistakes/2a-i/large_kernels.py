"""Kernels of 5 x 5.

Breaks: kernels
"""


def _conv(name: str, filters: int, strides: int = 1) -> layers.Conv2D:
    return layers.Conv2D(
        filters, 5, strides=strides, padding="same", activation="relu", name=name
    )
