"""Subclasses the LSTM, so that the dropouts of the table stand in one place."""

import keras
from keras import layers


@keras.saving.register_keras_serializable(package="coursework")
class DroppingLSTM(layers.LSTM):
    """An LSTM with the dropouts of the table."""

    def __init__(self, units, dropout=0.5, recurrent_dropout=0.2, **kwargs):
        super().__init__(units, dropout=dropout, recurrent_dropout=recurrent_dropout, **kwargs)


def build_embedder(encoder):
    return layers.Embedding(encoder.vocabulary_size(), 256, mask_zero=True)


def build_lstm(encoder, embedder, n_genres=25):
    return keras.Sequential(
        layers=[
            layers.InputLayer(shape=(), dtype="string"),
            encoder,
            embedder,
            layers.Bidirectional(DroppingLSTM(256, return_sequences=True)),
            layers.Bidirectional(DroppingLSTM(128)),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.8),
            layers.Dense(n_genres, activation="sigmoid"),
        ],
        name="lstm",
    )


def compile_lstm(model):
    model.compile(
        optimizer=keras.optimizers.Adam(5e-4),
        loss=[keras.losses.BinaryCrossentropy()],
        metrics=[[keras.metrics.Precision(), keras.metrics.Recall()]],
    )
    return model
