"""Tuples for kernels, SAME in capitals, and all defaults of the layers spelt out."""

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def conv(name, filters, strides=1):
    return layers.Conv2D(
        filters=filters,
        kernel_size=(3, 3),
        strides=(strides, strides),
        padding="SAME",
        data_format="channels_last",
        dilation_rate=1,
        activation=keras.activations.relu,
        use_bias=True,
        kernel_initializer="he_normal",
        bias_initializer="zeros",
        name=name,
    )


def drop(name, rate):
    return layers.Dropout(rate=rate, noise_shape=None, seed=7, name=name)


def pool(name):
    return layers.MaxPooling2D((2, 2), strides=2, padding="same", name=name)


def build_cnn(n_genres=25):
    tf.random.set_seed(7)
    poster = layers.Input(shape=(64, 64, 3), dtype="float32", name="Input")

    x = conv("Conv0", 16, strides=2)(poster)
    x = drop("Drop1", 0.2)(x)

    x = conv("Conv1", 32)(x)
    x = conv("Conv2", 32)(x)
    x = drop("Drop2", 0.2)(x)
    x = pool("Pool1")(x)

    x = conv("Conv3", 64)(x)
    x = conv("Conv4", 64)(x)
    x = drop("Drop3", 0.2)(x)
    x = pool("Pool2")(x)

    x = conv("Conv5", 128)(x)
    x = conv("Conv6", 128)(x)
    x = drop("Drop4", 0.2)(x)
    x = pool("Pool3")(x)

    x = layers.Flatten(data_format="channels_last", name="Flat")(x)
    x = layers.Dense(units=1024, activation=tf.nn.relu, use_bias=True, name="FC1")(x)
    x = drop("Drop5", 0.5)(x)
    x = layers.Dense(units=1024, activation=tf.nn.relu, use_bias=True, name="FC2")(x)
    x = drop("Drop6", 0.5)(x)
    genres = layers.Dense(n_genres, activation=tf.nn.sigmoid, name="Output")(x)

    return keras.Model(inputs=poster, outputs=genres)


def compile_cnn(model):
    model.compile(
        optimizer=keras.optimizers.Adam(
            learning_rate=1e-4, beta_1=0.9, beta_2=0.999, epsilon=1e-07
        ),
        loss={"Output": "binary_crossentropy"},
        metrics={"Output": [keras.metrics.Precision(), keras.metrics.Recall()]},
    )
    return model
