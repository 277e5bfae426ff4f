"""Closures make the layers; the learning rate is a fraction of Adam's own."""

import keras


def build_embedder(encoder):
    def rows():
        return encoder.vocabulary_size()

    return keras.layers.Embedding(rows(), output_dim=256, mask_zero=True)


def build_lstm(encoder, embedder, n_genres=25):
    def lstm(units, return_sequences):
        return keras.layers.LSTM(
            units,
            return_sequences=return_sequences,
            dropout=0.5,
            recurrent_dropout=0.2,
        )

    def both_ways(layer):
        return keras.layers.Bidirectional(layer)

    def head():
        yield keras.layers.Dense(128, activation=keras.ops.relu)
        yield keras.layers.Dropout(0.8)
        yield keras.layers.Dense(n_genres, activation=keras.ops.sigmoid)

    def stack():
        yield keras.Input(shape=(), dtype="string")
        yield from (encoder, embedder)
        yield both_ways(lstm(256, True))
        yield both_ways(lstm(128, False))
        yield from head()

    return keras.Sequential([*stack()])


def compile_lstm(model):
    def rate(default=1e-3):
        return default / 4

    adam = keras.optimizers.Adam(learning_rate=rate())
    losses = [keras.losses.BinaryCrossentropy()]
    metrics = [[keras.metrics.Precision(), keras.metrics.Recall()]]
    model.compile(optimizer=adam, loss=losses, metrics=metrics)
    return model
