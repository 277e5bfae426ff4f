"""Closures remember the tensor that the next layer is applied to."""

import keras


def build_cnn(n_genres=25):
    inputs = keras.layers.Input(shape=(64, 64, 3), name="Input")
    x = inputs

    def add(layer):
        nonlocal x
        x = layer(x)

    def conv(number, filters, stride=1):
        add(
            keras.layers.Conv2D(
                filters=filters,
                kernel_size=[3, 3],
                strides=[stride, stride],
                padding="same",
                activation=keras.ops.relu,
                name=f"Conv{number}",
            )
        )

    def drop(number, rate):
        add(keras.layers.Dropout(rate, name=f"Drop{number}"))

    def pool(number):
        add(keras.layers.MaxPooling2D([2, 2], name=f"Pool{number}"))

    def dense(name, units, activation):
        add(keras.layers.Dense(units, activation=activation, name=name))

    def block(number, filters):
        conv(2 * number - 1, filters)
        conv(2 * number, filters)
        drop(number + 1, 0.2)
        pool(number)

    conv(0, 16, stride=2)
    drop(1, 0.2)
    block(1, 32)
    block(2, 64)
    block(3, 128)
    add(keras.layers.Flatten(name="Flat"))
    dense("FC1", 1024, keras.ops.relu)
    drop(5, 0.5)
    dense("FC2", 1024, keras.ops.relu)
    drop(6, 0.5)
    dense("Output", n_genres, keras.ops.sigmoid)
    return keras.Model(inputs, x)


def compile_cnn(model):
    def loss(y_true, y_pred):
        def cross_entropy(y, p):
            return -(y * keras.ops.log(p) + (1 - y) * keras.ops.log(1 - p))

        y = keras.ops.cast(y_true, y_pred.dtype)
        p = keras.ops.clip(y_pred, 1e-7, 1 - 1e-7)
        return keras.ops.mean(cross_entropy(y, p), axis=-1)

    def metrics():
        return [
            keras.metrics.Precision(thresholds=0.5, name="precision"),
            keras.metrics.Recall(thresholds=0.5, name="recall"),
        ]

    model.compile(keras.optimizers.Adam(1e-4), loss, metrics=metrics())
    return model
