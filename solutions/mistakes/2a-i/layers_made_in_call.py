"""Layers are made at each call, so that the model owns none of them.

Breaks: functional
"""


class PosterNetwork(keras.Model):
    def __init__(self, n_genres):
        super().__init__()
        self.n_genres = n_genres

    def call(self, inputs):
        x = _conv("Conv0", 16, strides=2)(inputs)
        x = layers.Dropout(0.2, name="Drop1")(x)
        for number, filters in enumerate((32, 64, 128), start=1):
            x = _block(x, number, filters)
        x = layers.Flatten(name="Flat")(x)
        for number in (1, 2):
            x = layers.Dense(1024, activation="relu", name=f"FC{number}")(x)
            x = layers.Dropout(0.5, name=f"Drop{number + 4}")(x)
        return layers.Dense(self.n_genres, activation="sigmoid", name="Output")(x)


def build_cnn(n_genres: int = 25) -> keras.Model:
    return PosterNetwork(n_genres)
