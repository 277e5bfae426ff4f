"""tf.keras only; activations are functions of tf.nn, the input is tf.string."""
import tensorflow as tf


def build_embedder(encoder):
    return tf.keras.layers.Embedding(encoder.vocabulary_size(), 256, mask_zero=True)


def build_lstm(encoder, embedder, n_genres=25):
    def both_ways(units, **options):
        lstm = tf.keras.layers.LSTM(units, dropout=.5, recurrent_dropout=.2, **options)
        return tf.keras.layers.Bidirectional(lstm)

    return tf.keras.Sequential([
        tf.keras.layers.InputLayer(shape=(), dtype=tf.string),
        encoder,
        embedder,
        both_ways(256, return_sequences=True),
        both_ways(128),
        tf.keras.layers.Dense(128, tf.nn.relu),
        tf.keras.layers.Dropout(.8),
        tf.keras.layers.Dense(n_genres, tf.nn.sigmoid),
    ])


def compile_lstm(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(float(tf.constant(5e-4))),
        loss=tf.keras.losses.BinaryCrossentropy(),
        metrics=[tf.keras.metrics.Precision(), tf.keras.metrics.Recall()],
    )
    return model
