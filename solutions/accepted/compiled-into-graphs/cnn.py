"""Compiles the model and its loss into graphs; the learning rate is a float32."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers


def conv(x, name, filters, strides=1):
    return layers.Conv2D(filters, [3, 3], strides=[strides, strides], padding="same", activation=tf.nn.relu, name=name)(x)


def build_cnn(n_genres=25):
    image = keras.Input(shape=[64, 64, 3], dtype=tf.float32, name="Input")

    net = conv(image, "Conv0", 16, strides=2)
    net = layers.Dropout(0.2, name="Drop1")(net)

    net = conv(net, "Conv1", 32)
    net = conv(net, "Conv2", 32)
    net = layers.Dropout(0.2, name="Drop2")(net)
    net = layers.MaxPooling2D([2, 2], name="Pool1")(net)

    net = conv(net, "Conv3", 64)
    net = conv(net, "Conv4", 64)
    net = layers.Dropout(0.2, name="Drop3")(net)
    net = layers.MaxPooling2D([2, 2], name="Pool2")(net)

    net = conv(net, "Conv5", 128)
    net = conv(net, "Conv6", 128)
    net = layers.Dropout(0.2, name="Drop4")(net)
    net = layers.MaxPooling2D([2, 2], name="Pool3")(net)

    net = layers.Flatten(name="Flat")(net)
    for i in range(1, 3):
        net = layers.Dense(1024, activation=tf.nn.relu, name="FC%d" % i)(net)
        net = layers.Dropout(0.5, name="Drop%d" % (i + 4))(net)
    genres = layers.Dense(n_genres, activation=tf.nn.sigmoid, name="Output")(net)
    return keras.Model(inputs=[image], outputs=[genres])


@tf.function
def cross_entropy(truth, answer):
    return keras.losses.binary_crossentropy(truth, answer)


def compile_cnn(model):
    rate = float(np.float32(1e-4))
    metrics = [keras.metrics.Precision(), keras.metrics.Recall()]
    model.compile(keras.optimizers.Adam(rate), cross_entropy, metrics=metrics, jit_compile=False)
    return model
