"""A Sequential model that grows by add(), with an input of one string a film."""

import tensorflow as tf


def build_embedder(encoder):
    # number of words in the vocabulary
    vocabulary = encoder.get_vocabulary()
    number_of_words = len(vocabulary)

    embedder = tf.keras.layers.Embedding(
        input_dim=number_of_words,
        output_dim=256,
        mask_zero=True,  # 0 is the padding
    )
    return embedder


def build_lstm(encoder, embedder, n_genres=25):
    model = tf.keras.models.Sequential(name="overview_model")

    # the input is a string
    model.add(tf.keras.Input(shape=(1,), dtype=tf.string, name="overview"))

    # text -> numbers -> vectors
    model.add(encoder)
    model.add(embedder)

    # first LSTM, it gives its output at every word for the second one
    first_lstm = tf.keras.layers.LSTM(
        units=256,
        dropout=0.5,
        recurrent_dropout=0.2,
        return_sequences=True,
        name="first_lstm",
    )
    model.add(tf.keras.layers.Bidirectional(layer=first_lstm, merge_mode="concat"))

    # second LSTM, it gives only its last output
    second_lstm = tf.keras.layers.LSTM(
        units=128,
        dropout=0.5,
        recurrent_dropout=0.2,
        return_sequences=False,
        name="second_lstm",
    )
    model.add(tf.keras.layers.Bidirectional(layer=second_lstm, merge_mode="concat"))

    # dense layers
    model.add(tf.keras.layers.Dense(units=128, activation="relu", name="hidden"))
    model.add(tf.keras.layers.Dropout(rate=0.8))
    model.add(tf.keras.layers.Dense(units=n_genres, activation="sigmoid"))
    return model


def compile_lstm(model):
    # the lowest rate that is allowed, to be on the safe side
    my_optimizer = tf.keras.optimizers.Adam(learning_rate=0.0001)
    model.compile(
        optimizer=my_optimizer,
        loss="binary_crossentropy",
        metrics=["Precision", "Recall", "binary_accuracy"],
    )
    return model
