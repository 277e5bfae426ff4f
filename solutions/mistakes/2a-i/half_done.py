"""Only the first block is there.

Breaks: table, names
"""


def build_cnn(n_genres: int = 25) -> keras.Model:
    inputs = keras.Input((64, 64, 3), name="Input")
    x = _conv("Conv0", 16, strides=2)(inputs)
    x = layers.Dropout(0.2, name="Drop1")(x)
    return keras.Model(inputs, _block(x, 1, 32))
