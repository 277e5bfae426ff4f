"""Star imports, and a network that is reduced from a list of layers in one go."""
from functools import reduce

from tensorflow.keras.layers import *
from tensorflow.keras.metrics import *
from tensorflow.keras.models import *
from tensorflow.keras.optimizers import *

C = lambda i, n, s=1: Conv2D(n, 3, s, "same", activation="relu", name=f"Conv{i}")
D = lambda i, p=.2: Dropout(p, name=f"Drop{i}")
P = lambda i: MaxPool2D(name=f"Pool{i}")
F = lambda i: Dense(1024, "relu", name=f"FC{i}")

build_cnn = lambda n_genres=25: Model(x := Input((64, 64, 3), name="Input"), reduce(lambda y, f: f(y), [
	C(0, 16, 2), D(1),
	C(1, 32), C(2, 32), D(2), P(1),
	C(3, 64), C(4, 64), D(3), P(2),
	C(5, 128), C(6, 128), D(4), P(3),
	Flatten(name="Flat"), F(1), D(5, .5), F(2), D(6, .5),
	Dense(n_genres, "sigmoid", name="Output"),
], x))


def compile_cnn(model):
	model.compile(Adam(1e-4), "bce", metrics=[Precision(), Recall(), BinaryAccuracy()]); return model
