"""The layers are made first, and Drop6 is called twice on the way.

Breaks: table
"""


def build_cnn(n_genres: int = 25) -> keras.Model:
    inputs = keras.Input((64, 64, 3), name="Input")
    x = _conv("Conv0", 16, strides=2)(inputs)
    x = layers.Dropout(0.2, name="Drop1")(x)
    for number, filters in enumerate((32, 64, 128), start=1):
        x = _block(x, number, filters)
    fc1 = layers.Dense(1024, activation="relu", name="FC1")
    drop5 = layers.Dropout(0.5, name="Drop5")
    fc2 = layers.Dense(1024, activation="relu", name="FC2")
    drop6 = layers.Dropout(0.5, name="Drop6")
    x = drop5(fc1(layers.Flatten(name="Flat")(x)))
    x = drop6(fc2(x))
    outputs = layers.Dense(n_genres, activation="sigmoid", name="Output")(drop6(x))
    return keras.Model(inputs, outputs)
