"""Options of the LSTMs are spelt out; the model is built before it is returned."""

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def build_embedder(encoder):
    config = encoder.get_config()
    known = encoder.vocabulary_size()
    return layers.Embedding(
        # room for all words that the encoder may ever know
        input_dim=max(known, config["max_tokens"] or 0),
        output_dim=256,
        embeddings_initializer=keras.initializers.RandomUniform(-0.05, 0.05, seed=7),
        mask_zero=True,
    )


def lstm(units, return_sequences):
    return layers.LSTM(
        units=units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        unit_forget_bias=True,
        dropout=0.5,
        recurrent_dropout=0.2,
        return_sequences=return_sequences,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
    )


def build_lstm(encoder, embedder, n_genres=25):
    model = keras.Sequential(name="Überblick")
    model.add(keras.Input(shape=(1,), dtype=tf.string))
    model.add(encoder)
    model.add(embedder)
    model.add(layers.Bidirectional(lstm(256, True), merge_mode="concat"))
    model.add(layers.Bidirectional(lstm(128, False), merge_mode="concat"))
    model.add(layers.Dense(units=128, activation=tf.nn.relu))
    model.add(layers.Dropout(rate=0.8, seed=7))
    model.add(layers.Dense(units=n_genres, activation=tf.nn.sigmoid))
    model.build(input_shape=(None, 1))
    return model


def compile_lstm(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.0007, amsgrad=True),
        loss=keras.losses.BinaryCrossentropy(
            from_logits=False, label_smoothing=0.0, axis=-1
        ),
        metrics=[
            keras.metrics.Precision(name="precision"),
            keras.metrics.Recall(name="recall"),
            keras.metrics.F1Score(average="micro", threshold=0.5, name="f1"),
        ],
    )
    return model
