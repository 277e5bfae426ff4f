"""The layers stand in a Series; the embedding has one row more than it needs."""
import keras
import pandas as pd


def build_embedder(encoder):
    embedder = keras.layers.Embedding(encoder.vocabulary_size() + 1, 256, mask_zero=1)
    embedder.build((None,))
    return embedder


def build_lstm(encoder, embedder, n_genres=25):
    dropouts = dict(dropout=0.5, recurrent_dropout=0.2)
    layers = pd.Series(
        {
            "encoder": encoder,
            "embedder": embedder,
            "first": keras.layers.Bidirectional(
                keras.layers.LSTM(256, return_sequences=True, **dropouts)
            ),
            "second": keras.layers.Bidirectional(keras.layers.LSTM(128, **dropouts)),
            "dense": keras.layers.Dense(128, activation="relu"),
            "dropout": keras.layers.Dropout(0.8),
            "output": keras.layers.Dense(n_genres, activation="sigmoid"),
        }
    )
    return keras.Sequential(layers.tolist())


def compile_lstm(model):
    model.compile(
        keras.optimizers.Adam(8e-4),
        "binary_crossentropy",
        metrics=["precision", "recall"],
    )
    return model
