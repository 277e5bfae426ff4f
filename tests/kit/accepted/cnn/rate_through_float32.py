"""Right: the learning rate went through float32, which rounds it."""

import numpy as np


def compile_cnn(model: keras.Model) -> keras.Model:
    rate = float(np.float32(1e-4))
    metrics = [keras.metrics.Precision(), keras.metrics.Recall()]
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=metrics)
    return model
