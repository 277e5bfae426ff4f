"""Right: layers added one by one, an input of shape (1,), keywords in full."""

import tensorflow as tf


def build_lstm(
    encoder: keras.layers.TextVectorization,
    embedder: keras.layers.Embedding,
    n_genres: int = 25,
) -> keras.Sequential:
    model = tf.keras.models.Sequential(name="overviews")
    model.add(tf.keras.Input(shape=(1,), dtype=tf.string, name="overview"))
    model.add(encoder)
    model.add(embedder)
    for units, return_sequences in ((256, True), (128, False)):
        lstm = tf.keras.layers.LSTM(
            units=units,
            dropout=0.5,
            recurrent_dropout=0.2,
            return_sequences=return_sequences,
            name=f"lstm_{units}",
        )
        model.add(tf.keras.layers.Bidirectional(layer=lstm, merge_mode="concat"))
    model.add(tf.keras.layers.Dense(128, activation=tf.nn.relu, name="hidden"))
    model.add(tf.keras.layers.Dropout(0.8))
    model.add(tf.keras.layers.Dense(n_genres, tf.keras.activations.sigmoid))
    return model
