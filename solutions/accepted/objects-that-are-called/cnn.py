"""A builder class with chained methods counts the names of the layers."""

from collections import Counter

from tensorflow import keras


class NetworkBuilder:
    """Adds layers at the end of a tensor, and gives them the next free name."""

    def __init__(self, shape):
        self.input = self.tensor = keras.layers.Input(shape, name="Input")
        self.counts = Counter(Conv=-1)

    def __call__(self, layer_class, prefix, *args, **kwargs):
        self.counts[prefix] += 1
        name = f"{prefix}{self.counts[prefix]}"
        self.tensor = layer_class(*args, name=name, **kwargs)(self.tensor)
        return self

    def conv(self, filters, strides=1):
        return self(
            keras.layers.Conv2D, "Conv", filters, (3, 3), strides=strides,
            padding="same", activation=keras.activations.relu,
        )

    def drop(self, rate):
        return self(keras.layers.Dropout, "Drop", rate)

    def pool(self):
        return self(keras.layers.MaxPooling2D, "Pool", padding="same")

    def full(self, units):
        return self(keras.layers.Dense, "FC", units, activation=keras.activations.relu)

    def flat(self):
        self.tensor = keras.layers.Flatten(name="Flat")(self.tensor)
        return self

    def model(self, n_genres):
        output = keras.layers.Dense(n_genres, activation="sigmoid", name="Output")
        return keras.Model(self.input, output(self.tensor))


def build_cnn(n_genres=25):
    build = NetworkBuilder((64, 64, 3))
    build.conv(16, strides=2).drop(0.2)
    build.conv(32).conv(32).drop(0.2).pool()
    build.conv(64).conv(64).drop(0.2).pool()
    build.conv(128).conv(128).drop(0.2).pool()
    build.flat().full(1024).drop(0.5).full(1024).drop(0.5)
    return build.model(n_genres)


class Compiler:
    def __init__(self, rate):
        self.rate = rate

    def __call__(self, model):
        model.compile(
            optimizer=keras.optimizers.Adam(self.rate),
            loss=self.loss,
            metrics=["accuracy", keras.metrics.Precision(), keras.metrics.Recall()],
        )
        return model

    @staticmethod
    def loss(y_true, y_pred):
        return keras.losses.binary_crossentropy(y_true, y_pred)


compile_cnn = Compiler(1e-4)
