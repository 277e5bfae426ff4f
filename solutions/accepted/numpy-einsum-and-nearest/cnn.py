"""Widths come from powers of two; the learning rate went through float32."""
import numpy as np
from keras import Input, Model
from keras import layers as kl
from keras.metrics import Precision, Recall
from keras.optimizers import Adam


def build_cnn(n_genres=25):
    inp = Input((64, 64, 3), name="Input")
    out = kl.Conv2D(16, (3, 3), (2, 2), padding="same", activation="relu", name="Conv0")(inp)
    out = kl.Dropout(0.2, name="Drop1")(out)
    for b, width in enumerate(2 ** np.arange(5, 8)):    # 32, 64, 128
        for c in (2 * b + 1, 2 * b + 2):
            out = kl.Conv2D(int(width), 3, padding="same", activation="relu", name="Conv%d" % c)(out)
        out = kl.Dropout(0.2, name="Drop%d" % (b + 2))(out)
        out = kl.MaxPool2D(name="Pool%d" % (b + 1))(out)
    out = kl.Flatten(name="Flat")(out)
    out = kl.Dense(2**10, activation="relu", name="FC1")(out)
    out = kl.Dropout(0.5, name="Drop5")(out)
    out = kl.Dense(2**10, activation="relu", name="FC2")(out)
    out = kl.Dropout(0.5, name="Drop6")(out)
    out = kl.Dense(n_genres, activation="sigmoid", name="Output")(out)
    return Model(inputs=inp, outputs=out)


def compile_cnn(model):
    rate = float(np.float32(1e-4))
    model.compile(Adam(rate), "binary_crossentropy", metrics=[Precision(), Recall()])
    return model
