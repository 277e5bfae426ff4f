"""Conv6 has no padding, and Pool3 pads instead.

Breaks: padding
"""


def _conv(name, filters, strides=1):
    padding = "valid" if name == "Conv6" else "same"
    return layers.Conv2D(
        filters, 3, strides=strides, padding=padding, activation="relu", name=name
    )


def _block(x, number, filters):
    x = _conv(f"Conv{2 * number - 1}", filters)(x)
    x = _conv(f"Conv{2 * number}", filters)(x)
    x = layers.Dropout(0.2, name=f"Drop{number + 1}")(x)
    padding = "same" if number == 3 else "valid"
    return layers.MaxPooling2D(2, padding=padding, name=f"Pool{number}")(x)
