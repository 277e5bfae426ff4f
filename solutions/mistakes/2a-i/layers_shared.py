"""FC1 is made at import, and every network shares its weights.

Breaks: own-layers
"""

_FC1 = layers.Dense(1024, activation="relu", name="FC1")


def build_cnn(n_genres=25):
    inputs = keras.Input((64, 64, 3), name="Input")
    x = _conv("Conv0", 16, strides=2)(inputs)
    x = layers.Dropout(0.2, name="Drop1")(x)
    for number, filters in enumerate((32, 64, 128), start=1):
        x = _block(x, number, filters)
    x = layers.Flatten(name="Flat")(x)
    x = layers.Dropout(0.5, name="Drop5")(_FC1(x))
    x = layers.Dense(1024, activation="relu", name="FC2")(x)
    x = layers.Dropout(0.5, name="Drop6")(x)
    outputs = layers.Dense(n_genres, activation="sigmoid", name="Output")(x)
    return keras.Model(inputs, outputs)
