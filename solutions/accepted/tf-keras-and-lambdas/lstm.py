"""Adds one tf.keras layer after the other to an input of shape (1,), with names."""
import tensorflow as tf
from tensorflow.keras.layers import LSTM, Bidirectional, Dense, Dropout, Embedding

build_embedder = lambda encoder: Embedding(
    encoder.vocabulary_size(), 256, mask_zero=True, embeddings_initializer='glorot_uniform'
)


def build_lstm(encoder, embedder, n_genres=25):
    lstm = lambda units, seq: LSTM(
        units=units, dropout=0.5, recurrent_dropout=0.2, return_sequences=seq, name=f'lstm_{units}'
    )
    model = tf.keras.models.Sequential(name='overviews')
    model.add(tf.keras.Input(shape=(1,), dtype=tf.string, name='overview'))
    model.add(encoder)
    model.add(embedder)
    model.add(Bidirectional(layer=lstm(256, True), merge_mode='concat'))
    model.add(Bidirectional(layer=lstm(128, False), merge_mode='concat'))
    model.add(Dense(128, activation=tf.nn.relu, name='hidden'))
    model.add(Dropout(0.8))
    model.add(Dense(n_genres, tf.keras.activations.sigmoid))
    return model


def compile_lstm(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=3e-4),
        loss=tf.keras.losses.binary_crossentropy,
        metrics=[tf.keras.metrics.Precision(name='p'), tf.keras.metrics.Recall(name='r')],
    )
    return model
