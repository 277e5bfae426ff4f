"""Compiles with the lowest learning rate of the range, all as strings."""
import keras
from keras.layers import LSTM, Bidirectional, Dense, Dropout, Embedding


def build_embedder(encoder):
    e = Embedding(encoder.vocabulary_size() + 1, 256, mask_zero=1)
    e.build((None,))
    return e


def build_lstm(encoder, embedder, n_genres=25):
    return keras.Sequential([
        encoder, embedder,
        Bidirectional(LSTM(256, dropout=.5, recurrent_dropout=.2, return_sequences=True), name='lstm1'),
        Bidirectional(LSTM(128, dropout=.5, recurrent_dropout=.2), name='lstm2'),
        Dense(128, activation='relu', name='fc'), Dropout(.8, name='drop'),
        Dense(n_genres, activation='sigmoid', name='genres')])


def compile_lstm(model):
    model.compile(optimizer=keras.optimizers.Adam(1e-4), loss='binary_crossentropy',
                  metrics=['Precision', 'Recall', 'binary_accuracy'])
    return model
