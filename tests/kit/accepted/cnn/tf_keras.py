"""Right: Keras reached through TensorFlow, older names, TensorFlow's functions."""

import tensorflow as tf


def build_cnn(n_genres: int = 25) -> tf.keras.Model:
    kl = tf.keras.layers
    inputs = kl.Input(shape=(64, 64, 3), dtype=tf.float32, name="Input")
    x = kl.Convolution2D(16, (3, 3), 2, "same", activation=tf.nn.relu, name="Conv0")(
        inputs
    )
    x = kl.Dropout(0.2, name="Drop1")(x)
    filters = [32, 32, 64, 64, 128, 128]
    for i in range(6):
        x = kl.Conv2D(
            filters[i], 3, padding="same", activation=tf.nn.relu, name=f"Conv{i + 1}"
        )(x)
        if i % 2 == 1:
            x = kl.Dropout(0.2, name=f"Drop{i // 2 + 2}")(x)
            x = kl.MaxPool2D(name=f"Pool{i // 2 + 1}")(x)
    x = kl.Flatten(name="Flat")(x)
    x = kl.Dense(1024, tf.nn.relu, name="FC1")(x)
    x = kl.Dropout(0.5, name="Drop5")(x)
    x = kl.Dense(1024, tf.nn.relu, name="FC2")(x)
    x = kl.Dropout(0.5, name="Drop6")(x)
    x = kl.Dense(n_genres, tf.nn.sigmoid, name="Output")(x)
    return tf.keras.models.Model(inputs=[inputs], outputs=[x], name="poster_network")


def compile_cnn(model: tf.keras.Model) -> tf.keras.Model:
    model.compile(
        tf.keras.optimizers.Adam(1e-4),
        tf.keras.losses.BinaryCrossentropy(),
        metrics=[tf.keras.metrics.Precision(), tf.keras.metrics.Recall()],
    )
    return model
