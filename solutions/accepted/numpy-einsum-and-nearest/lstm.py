"""np.size counts the vocabulary; the learning rate is the middle of a geomspace."""
import numpy as np
from keras import Sequential
from keras import layers as kl
from keras.metrics import Precision, Recall
from keras.optimizers import Adam


def build_embedder(encoder):
    return kl.Embedding(np.size(encoder.get_vocabulary()), 256, mask_zero=True)


def build_lstm(encoder, embedder, n_genres=25):
    drop = {"dropout": 0.5, "recurrent_dropout": 0.2}
    net = Sequential([encoder, embedder])
    net.add(kl.Bidirectional(kl.LSTM(256, return_sequences=True, **drop)))
    net.add(kl.Bidirectional(kl.LSTM(128, **drop)))
    net.add(kl.Dense(128, activation="relu"))
    net.add(kl.Dropout(0.8))
    net.add(kl.Dense(n_genres, activation="sigmoid"))
    return net


def compile_lstm(model):
    rate = np.geomspace(1e-4, 1e-3, 3)[1]       # 3.16e-4
    model.compile(Adam(float(rate)), "binary_crossentropy", metrics=[Precision(), Recall()])
    return model
