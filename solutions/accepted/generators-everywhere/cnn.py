"""A generator yields the layers in the order of the table."""
import itertools

from tensorflow import keras


def all_layers(n_genres):
    drops = (f'Drop{i}' for i in itertools.count(1))
    convs = (f'Conv{i}' for i in itertools.count(0))

    def conv(filters, **kw):
        return keras.layers.Conv2D(filters, (3, 3), padding='same', activation='relu',
                                   name=next(convs), **kw)

    def drop(rate):
        return keras.layers.Dropout(rate, name=next(drops))

    yield conv(16, strides=(2, 2))
    yield drop(0.2)
    for block, filters in enumerate((32, 64, 128), 1):
        yield conv(filters)
        yield conv(filters)
        yield drop(0.2)
        yield keras.layers.MaxPooling2D((2, 2), name=f'Pool{block}')
    yield keras.layers.Flatten(name='Flat')
    for i in (1, 2):
        yield keras.layers.Dense(1024, activation='relu', name=f'FC{i}')
        yield drop(0.5)
    yield keras.layers.Dense(n_genres, activation='sigmoid', name='Output')


def build_cnn(n_genres=25):
    tensors = [keras.Input((64, 64, 3), name='Input')]
    tensors.extend(layer(tensors[-1]) for layer in all_layers(n_genres))
    return keras.Model(tensors[0], tensors[-1])


def compile_cnn(model):
    model.compile(optimizer=keras.optimizers.Adam(1e-4),
                  loss=keras.losses.binary_crossentropy,
                  metrics=list(metric() for metric in (keras.metrics.Precision,
                                                       keras.metrics.Recall)))
    return model
