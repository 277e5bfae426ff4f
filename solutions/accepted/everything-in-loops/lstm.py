"""Adds the two LSTMs in a loop over their units."""
import keras
from keras import layers


def build_embedder(encoder):
    # count the words
    size = 0
    for word in encoder.get_vocabulary():
        size = size + 1
    # one more to be on the safe side
    embedder = layers.Embedding(size + 1, 256, mask_zero=True)
    return embedder


def build_lstm(encoder, embedder, n_genres=25):
    model = keras.Sequential()
    for layer in [keras.Input(shape=(), dtype='string'), encoder, embedder]:
        model.add(layer)
    for units in [256, 128]:
        lstm = layers.LSTM(units, dropout=0.5, recurrent_dropout=0.2, return_sequences=(units == 256))
        model.add(layers.Bidirectional(lstm))
    for layer in [
        layers.Dense(128, activation='relu'),
        layers.Dropout(0.8),
        layers.Dense(n_genres, activation='sigmoid'),
    ]:
        model.add(layer)
    return model
