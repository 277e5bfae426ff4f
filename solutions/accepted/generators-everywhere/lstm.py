"""Sequential gets a list made of a generator, without an Input in front."""
from tensorflow import keras


def build_embedder(encoder):
    rows = sum(1 for _ in encoder.get_vocabulary())
    return keras.layers.Embedding(rows, 256, mask_zero=True)


def _layers(encoder, embedder, n_genres):
    yield encoder
    yield embedder
    for units in (256, 128):
        yield keras.layers.Bidirectional(keras.layers.LSTM(
            units, return_sequences=units == 256, dropout=0.5, recurrent_dropout=0.2))
    yield keras.layers.Dense(128, 'relu')
    yield keras.layers.Dropout(0.8)
    yield keras.layers.Dense(n_genres, 'sigmoid')


def build_lstm(encoder, embedder, n_genres=25):
    return keras.Sequential(list(_layers(encoder, embedder, n_genres)))


def compile_lstm(model):
    metrics = [keras.metrics.Precision(), keras.metrics.Recall()]
    model.compile(keras.optimizers.Adam(3e-4), 'binary_crossentropy', metrics=metrics)
    return model
