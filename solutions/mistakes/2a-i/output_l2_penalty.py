"""The last layer has an L2 penalty on its weights.

Breaks: defaults
"""


def build_cnn(n_genres: int = 25) -> keras.Model:
    inputs = keras.Input((64, 64, 3), name="Input")
    x = _conv("Conv0", 16, strides=2)(inputs)
    x = layers.Dropout(0.2, name="Drop1")(x)
    for number, filters in enumerate((32, 64, 128), start=1):
        x = _block(x, number, filters)
    x = layers.Flatten(name="Flat")(x)
    for number in (1, 2):
        x = layers.Dense(1024, activation="relu", name=f"FC{number}")(x)
        x = layers.Dropout(0.5, name=f"Drop{number + 4}")(x)
    outputs = layers.Dense(
        n_genres, activation="sigmoid", kernel_regularizer="l2", name="Output"
    )(x)
    return keras.Model(inputs, outputs)
