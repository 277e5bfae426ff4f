"""Names of layers in small letters.

Breaks: names
"""


def _conv(name: str, filters: int, strides: int = 1) -> layers.Conv2D:
    return layers.Conv2D(
        filters,
        3,
        strides=strides,
        padding="same",
        activation="relu",
        name=name.lower(),
    )
