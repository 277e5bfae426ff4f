"""Has a loss of its own, a lambda that is binary cross-entropy, and clips gradients."""
import tensorflow as tf
from tensorflow.keras.layers import Conv2D, Dense, Dropout, Flatten, Input, MaxPool2D
from tensorflow.keras.models import Model

conv = lambda n, name, s=1: Conv2D(n, kernel_size=(3, 3), strides=s, padding='same', activation='relu', name=name)


def build_cnn(n_genres=25):
    i = Input((64, 64, 3), name='Input')
    x = Dropout(.2, name='Drop1')(conv(16, 'Conv0', 2)(i))
    x = conv(32, 'Conv2')(conv(32, 'Conv1')(x))
    x = MaxPool2D(name='Pool1')(Dropout(.2, name='Drop2')(x))
    x = conv(64, 'Conv4')(conv(64, 'Conv3')(x))
    x = MaxPool2D(name='Pool2')(Dropout(.2, name='Drop3')(x))
    x = conv(128, 'Conv6')(conv(128, 'Conv5')(x))
    x = MaxPool2D(name='Pool3')(Dropout(.2, name='Drop4')(x))
    x = Flatten(name='Flat')(x)
    x = Dropout(.5, name='Drop5')(Dense(1024, 'relu', name='FC1')(x))
    x = Dropout(.5, name='Drop6')(Dense(1024, 'relu', name='FC2')(x))
    return Model(i, Dense(n_genres, 'sigmoid', name='Output')(x))


def compile_cnn(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=1e-4, clipnorm=1.0),
        loss=lambda y, p: tf.reduce_mean(tf.keras.backend.binary_crossentropy(tf.cast(y, p.dtype), p), axis=-1)
        if hasattr(tf.keras.backend, 'binary_crossentropy')
        else tf.keras.losses.binary_crossentropy(y, p),
        metrics=[tf.keras.metrics.Precision(), tf.keras.metrics.Recall()],
    )
    return model
