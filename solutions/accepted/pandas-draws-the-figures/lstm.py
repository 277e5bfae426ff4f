"""Makes both LSTMs from the rows of a small data frame."""
import keras
import pandas as pd
from keras import layers

LSTMS = pd.DataFrame({"units": [256, 128], "return_sequences": [True, False]})
LSTMS["dropout"] = 0.5
LSTMS["recurrent_dropout"] = 0.2


def build_embedder(encoder):
    vocabulary = pd.Index(encoder.get_vocabulary())
    return layers.Embedding(vocabulary.size, 256, mask_zero=True)


def build_lstm(encoder, embedder, n_genres=25):
    lstms = [
        layers.Bidirectional(layers.LSTM(**settings))
        for settings in LSTMS.astype(object).to_dict("records")
    ]
    tail = [
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.8),
        layers.Dense(n_genres, activation="sigmoid"),
    ]
    return keras.Sequential([keras.Input((1,), dtype="string"), encoder, embedder] + lstms + tail)


def compile_lstm(model):
    model.compile(
        keras.optimizers.Adam(2e-4),
        "binary_crossentropy",
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
