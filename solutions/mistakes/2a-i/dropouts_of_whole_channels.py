"""The dropouts after convolutions drop whole channels (noise_shape).

Breaks: dropouts
"""


def _block(x, number, filters):
    x = _conv(f"Conv{2 * number - 1}", filters)(x)
    x = _conv(f"Conv{2 * number}", filters)(x)
    noise = (None, 1, 1, filters)
    x = layers.Dropout(0.2, noise_shape=noise, name=f"Drop{number + 1}")(x)
    return layers.MaxPooling2D(2, name=f"Pool{number}")(x)
