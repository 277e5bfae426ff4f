"""The names of the two convolutions of a block are exchanged.

Breaks: names
"""


def _block(x: keras.KerasTensor, number: int, filters: int) -> keras.KerasTensor:
    x = _conv(f"Conv{2 * number}", filters)(x)
    x = _conv(f"Conv{2 * number - 1}", filters)(x)
    x = layers.Dropout(0.2, name=f"Drop{number + 1}")(x)
    return layers.MaxPooling2D(2, name=f"Pool{number}")(x)
