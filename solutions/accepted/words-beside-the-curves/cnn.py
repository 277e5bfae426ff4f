"""Gives loss and metrics as strings, and counts names up as it goes."""
import keras
from itertools import count
from keras.layers import *


def build_cnn(n_genres=25):
    c, d, p = count(0), count(1), count(1)
    def conv(n, s=1): return Conv2D(n, 3, strides=s, padding='same', activation='relu', name=f'Conv{next(c)}')
    def drop(rate): return Dropout(rate, name=f'Drop{next(d)}')
    def pool(): return MaxPooling2D(name=f'Pool{next(p)}')

    inputs = Input((64, 64, 3), name='Input')
    x = inputs
    for layer in [conv(16, 2), drop(.2),
                  conv(32), conv(32), drop(.2), pool(),
                  conv(64), conv(64), drop(.2), pool(),
                  conv(128), conv(128), drop(.2), pool(),
                  Flatten(name='Flat'),
                  Dense(1024, activation='relu', name='FC1'), drop(.5),
                  Dense(1024, activation='relu', name='FC2'), drop(.5),
                  Dense(n_genres, activation='sigmoid', name='Output')]:
        x = layer(x)
    return keras.Model(inputs, x)


def compile_cnn(model):
    optimizer = keras.optimizers.Adam(learning_rate=0.0001)
    metrics = ['accuracy', 'Precision', 'Recall']
    model.compile(optimizer=optimizer, loss='BinaryCrossentropy', metrics=metrics)
    return model
