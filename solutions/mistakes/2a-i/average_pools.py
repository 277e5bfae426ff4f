"""Pools take the mean.

Breaks: pools
"""


def _block(x: keras.KerasTensor, number: int, filters: int) -> keras.KerasTensor:
    x = _conv(f"Conv{2 * number - 1}", filters)(x)
    x = _conv(f"Conv{2 * number}", filters)(x)
    x = layers.Dropout(0.2, name=f"Drop{number + 1}")(x)
    return layers.AveragePooling2D(2, name=f"Pool{number}")(x)
