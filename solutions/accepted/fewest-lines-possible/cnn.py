"""Writes the table as one string, and compiles with short strings."""
import keras
from keras import layers as L

NET = '''c16/2 d.2 c32 c32 d.2 p c64 c64 d.2 p c128 c128 d.2 p f f1024 d.5 f1024 d.5'''


def build_cnn(n_genres=25):
	x, n = (i := L.Input((64, 64, 3), name='Input')), dict(c=-1, d=0, p=0, f=0)
	for word in NET.split():
		kind, (size, _, stride) = word[0], word[1:].partition('/')
		if word != 'f': n[kind] += 1
		x = {'c': lambda: L.Conv2D(int(size), 3, int(stride or 1), 'same', activation='relu', name=f'Conv{n["c"]}'),
		     'd': lambda: L.Dropout(float(size), name=f'Drop{n["d"]}'),
		     'p': lambda: L.MaxPool2D(name=f'Pool{n["p"]}'),
		     'f': lambda: L.Dense(int(size), 'relu', name=f'FC{n["f"]}') if size else L.Flatten(name='Flat')}[kind]()(x)
	return keras.Model(i, L.Dense(n_genres, 'sigmoid', name='Output')(x))


def compile_cnn(model):
	model.compile(keras.optimizers.Adam(1e-4), 'bce', metrics=['Precision', 'Recall']); return model
