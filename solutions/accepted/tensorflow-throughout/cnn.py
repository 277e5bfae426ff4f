"""tf.keras only; lambdas of tf functions do what ReLU and sigmoid do."""
import tensorflow as tf

L = tf.keras.layers


def relu(x):
    return tf.maximum(x, 0.)


def build_cnn(n_genres=25):
    x = inputs = tf.keras.Input([64, 64, 3], name='Input', dtype=tf.float32)
    x = L.Conv2D(16, 3, 2, 'same', activation=lambda t: tf.maximum(t, 0.), name='Conv0')(x)
    x = L.Dropout(.2, name='Drop1')(x)
    for i in tf.range(1, 4).numpy():
        filters = int(tf.bitwise.left_shift(16, i))
        x = L.Conv2D(filters, 3, 1, 'same', activation=relu, name=f'Conv{2 * i - 1}')(x)
        x = L.Conv2D(filters, 3, 1, 'same', activation=tf.nn.relu, name=f'Conv{2 * i}')(x)
        x = L.Dropout(.2, name=f'Drop{i + 1}')(x)
        x = L.MaxPool2D(name=f'Pool{i}')(x)
    x = L.Flatten(name='Flat')(x)
    x = L.Dense(1024, tf.nn.relu, name='FC1')(x)
    x = L.Dropout(.5, name='Drop5')(x)
    x = L.Dense(1024, tf.nn.relu, name='FC2')(x)
    x = L.Dropout(.5, name='Drop6')(x)
    x = L.Dense(n_genres, activation=lambda t: 1. / (1. + tf.exp(-t)), name='Output')(x)
    return tf.keras.Model(inputs=[inputs], outputs=[x])


def compile_cnn(model):
    model.compile(
        optimizer=tf.keras.optimizers.Adam(float(tf.constant(1e-4))),
        loss=tf.keras.losses.BinaryCrossentropy(),
        metrics=[tf.keras.metrics.Precision(), tf.keras.metrics.Recall()],
    )
    return model
