"""Spells out both LSTMs with every argument, merge mode and seed included."""

import keras


def build_embedder(encoder):
    """A row for every word."""
    return keras.layers.Embedding(
        input_dim=encoder.vocabulary_size(),
        output_dim=256,
        embeddings_initializer="uniform",
        embeddings_regularizer=None,
        embeddings_constraint=None,
        mask_zero=True,
        trainable=True,
        name="embedder",
    )


def bidirectional(units, returnSequences, layerName):
    """One bidirectional LSTM of the table."""
    return keras.layers.Bidirectional(
        layer=keras.layers.LSTM(
            units=units,
            activation="tanh",
            recurrent_activation="sigmoid",
            use_bias=True,
            kernel_initializer="glorot_uniform",
            recurrent_initializer="orthogonal",
            bias_initializer="zeros",
            unit_forget_bias=True,
            dropout=0.5,
            recurrent_dropout=0.2,
            seed=1,
            return_sequences=returnSequences,
            return_state=False,
            go_backwards=False,
            stateful=False,
            unroll=False,
        ),
        merge_mode="concat",
        backward_layer=None,
        name=layerName,
    )


def build_lstm(encoder, embedder, n_genres=25):
    """The network, a variable for every layer."""
    overviewInput = keras.layers.Input(shape=(), batch_size=None, dtype="string", name="Overview")
    firstLstm = bidirectional(256, True, "LSTM1")
    secondLstm = bidirectional(128, False, "LSTM2")
    dense = keras.layers.Dense(units=128, activation="relu", use_bias=True, name="Dense")
    dropout = keras.layers.Dropout(rate=0.8, noise_shape=None, seed=1, name="Dropout")
    output = keras.layers.Dense(units=n_genres, activation="sigmoid", use_bias=True, name="Output")
    return keras.models.Sequential(
        layers=[overviewInput, encoder, embedder, firstLstm, secondLstm, dense, dropout, output],
        trainable=True,
        name="LSTM",
    )


def compile_lstm(model):
    """Compile for 25 yes-or-no questions."""
    model.compile(
        optimizer=keras.optimizers.Adam(
            learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-07, amsgrad=False
        ),
        loss=keras.losses.BinaryCrossentropy(from_logits=False, label_smoothing=0.0),
        metrics=[
            keras.metrics.Precision(thresholds=0.5, name="lstm_precision"),
            keras.metrics.Recall(thresholds=0.5, name="lstm_recall"),
        ],
        run_eagerly=False,
        jit_compile=False,
    )
    return model
