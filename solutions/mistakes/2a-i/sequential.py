"""A Sequential model.

Breaks: functional
"""


def build_cnn(n_genres: int = 25) -> keras.Model:
    model = keras.Sequential([keras.Input((64, 64, 3), name="Input")])
    model.add(_conv("Conv0", 16, strides=2))
    model.add(layers.Dropout(0.2, name="Drop1"))
    for number, filters in enumerate((32, 64, 128), start=1):
        model.add(_conv(f"Conv{2 * number - 1}", filters))
        model.add(_conv(f"Conv{2 * number}", filters))
        model.add(layers.Dropout(0.2, name=f"Drop{number + 1}"))
        model.add(layers.MaxPooling2D(2, name=f"Pool{number}"))
    model.add(layers.Flatten(name="Flat"))
    for number in (1, 2):
        model.add(layers.Dense(1024, activation="relu", name=f"FC{number}"))
        model.add(layers.Dropout(0.5, name=f"Drop{number + 4}"))
    model.add(layers.Dense(n_genres, activation="sigmoid", name="Output"))
    return model
