"""Applies TensorFlow's own functions as activations; an optimizer from a config."""
import keras
import tensorflow as tf
from keras import layers


def build_embedder(encoder):
    rows = int(tf.size(tf.constant(encoder.get_vocabulary())))
    return layers.Embedding(rows, 256, mask_zero=True)


def build_lstm(encoder, embedder, n_genres=25):
    model = keras.Sequential()
    model.add(keras.Input(shape=[1], dtype=tf.string))
    model.add(encoder)
    model.add(embedder)
    first = layers.LSTM(256, dropout=0.5, recurrent_dropout=0.2, return_sequences=True, activation=tf.nn.tanh)
    model.add(layers.Bidirectional(first))
    second = layers.LSTM(128, dropout=0.5, recurrent_dropout=0.2, activation=tf.nn.tanh)
    model.add(layers.Bidirectional(second))
    model.add(layers.Dense(128, activation=tf.nn.relu))
    model.add(layers.Dropout(0.8))
    model.add(layers.Dense(n_genres, activation=tf.nn.sigmoid))
    return model


def compile_lstm(model):
    optimizer = keras.optimizers.get({"class_name": "Adam", "config": {"learning_rate": 1e-3}})
    metrics = [keras.metrics.Precision(), keras.metrics.Recall()]
    model.compile(optimizer, keras.losses.get("binary_crossentropy"), metrics=metrics)
    return model
