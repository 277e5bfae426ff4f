"""Bidirectional and Embedding are subclassed to hold the settings of the brief."""

from tensorflow import keras


class WordVectors(keras.layers.Embedding):
    """256 numbers for every word of an encoder."""

    def __init__(self, encoder, **kwargs):
        super().__init__(encoder.vocabulary_size(), 256, mask_zero=True, **kwargs)


class BothWays(keras.layers.Bidirectional):
    """An LSTM that reads from both ends, with the dropouts of the brief."""

    def __init__(self, units, **kwargs):
        lstm = keras.layers.LSTM(units, dropout=0.5, recurrent_dropout=0.2, **kwargs)
        super().__init__(lstm)


def build_embedder(encoder):
    return WordVectors(encoder)


def build_lstm(encoder, embedder, n_genres=25):
    model = keras.Sequential()
    for layer in (
        encoder,
        embedder,
        BothWays(256, return_sequences=True),
        BothWays(128),
        keras.layers.Dense(128, activation="relu"),
        keras.layers.Dropout(0.8),
        keras.layers.Dense(n_genres, activation="sigmoid"),
    ):
        model.add(layer)
    return model


class Compiler:
    def __init__(self, rate):
        self.rate = rate

    def __call__(self, model):
        model.compile(
            optimizer=keras.optimizers.Adam(self.rate),
            loss=keras.losses.BinaryCrossentropy(),
            metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
        )
        return model


compile_lstm = Compiler(1e-3)
