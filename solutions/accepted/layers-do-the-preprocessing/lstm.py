"""Wraps LSTM layers in Bidirectional layers one statement at a time."""

import keras
from keras.layers import LSTM, Bidirectional, Dense, Dropout, Embedding, Input


def build_embedder(encoder):
    """256 numbers for every word."""
    vocabulary = encoder.get_vocabulary()
    return Embedding(len(vocabulary), 256, mask_zero=True, name="word_vectors")


def build_lstm(encoder, embedder, n_genres=25):
    """The overview network of the table."""
    first = LSTM(256, return_sequences=True, dropout=0.5, recurrent_dropout=0.2)
    second = LSTM(128, dropout=0.5, recurrent_dropout=0.2)

    model = keras.models.Sequential()
    model.add(Input(shape=(1,), dtype="string"))
    model.add(encoder)
    model.add(embedder)
    model.add(Bidirectional(first))
    model.add(Bidirectional(second))
    model.add(Dense(128, activation="relu"))
    model.add(Dropout(0.8))
    model.add(Dense(n_genres, activation="sigmoid"))
    return model


def compile_lstm(model):
    """Like the CNN, but with a higher learning rate: 1e-4 only ever said Drama."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.0005),
        loss=keras.losses.BinaryCrossentropy(from_logits=False),
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
