"""Leaves every argument at its default, and answers in one line."""
import keras, tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
	ds = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
	return (ds.shuffle(len(ds)) if training else ds).batch(batch_size)


def build_encoder(train_ds, *, max_tokens=10_000):
	encoder = keras.layers.TextVectorization(max_tokens); encoder.adapt(train_ds.map(lambda x, _: x)); return encoder


def first_words(encoder, n=200): return encoder.get_vocabulary()[1:][:n]
