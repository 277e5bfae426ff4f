"""Right: a rate inside the range, clipped gradients, the loss as a function."""

import tensorflow as tf


def compile_lstm(model: keras.Model) -> keras.Model:
    adam = tf.keras.optimizers.Adam(learning_rate=5e-4, clipvalue=0.5)
    precision = tf.keras.metrics.Precision(name="P")
    model.compile(
        optimizer=adam,
        loss=tf.keras.losses.binary_crossentropy,
        metrics=[[precision, tf.keras.metrics.Recall(name="R")]],
    )
    return model
