"""Every kind of layer is a partial, and so are the optimizer and compile()."""

from functools import partial, reduce

import keras
from keras import layers

Conv = partial(
    layers.Convolution2D,
    kernel_size=3,
    strides=1,
    padding="same",
    activation="relu",
    kernel_initializer="he_uniform",
)
WeakDrop = partial(layers.Dropout, 0.2)
StrongDrop = partial(layers.Dropout, 0.5)
Pool = partial(layers.MaxPooling2D, pool_size=2)
Full = partial(layers.Dense, 1024, activation="relu")


def build_cnn(n_genres=25):
    net = [
        Conv(16, strides=2, name="Conv0"),
        WeakDrop(name="Drop1"),
        *block(32, conv=(1, 2), drop=2, pool=1),
        *block(64, conv=(3, 4), drop=3, pool=2),
        *block(128, conv=(5, 6), drop=4, pool=3),
        layers.Flatten(name="Flat"),
        Full(name="FC1"),
        StrongDrop(name="Drop5"),
        Full(name="FC2"),
        StrongDrop(name="Drop6"),
        layers.Dense(n_genres, "sigmoid", name="Output"),
    ]
    start = keras.Input(shape=(64, 64, 3), name="Input", dtype="float32")
    return keras.Model(start, reduce(lambda x, layer: layer(x), net, start))


def block(filters, *, conv, drop, pool):
    first, second = conv
    return (
        Conv(filters, name=f"Conv{first}"),
        Conv(filters, name=f"Conv{second}"),
        WeakDrop(name=f"Drop{drop}"),
        Pool(name=f"Pool{pool}"),
    )


multi_label = partial(
    keras.Model.compile,
    loss=partial(keras.losses.binary_crossentropy, from_logits=False),
)


def compile_cnn(model):
    multi_label(
        model,
        optimizer=keras.optimizers.Adam(1e-4),
        metrics=[keras.metrics.Precision(), keras.metrics.Recall()],
    )
    return model
