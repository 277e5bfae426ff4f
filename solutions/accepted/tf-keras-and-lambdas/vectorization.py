"""Drops labels with a lambda and asks for the vocabulary without special tokens."""
import tensorflow as tf
from tensorflow.keras.layers import TextVectorization


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    ds = tf.data.Dataset.from_tensor_slices((tf.constant(list(overviews)), tf.constant(labels)))
    ds = ds.shuffle(len(overviews)) if training else ds
    return ds.batch(batch_size)


def build_encoder(train_ds, *, max_tokens=10_000):
    enc = TextVectorization(max_tokens, output_mode='int')
    enc.adapt(train_ds.map(lambda x, y: x))
    return enc


first_words = lambda encoder, n=200: encoder.get_vocabulary(include_special_tokens=False)[:n]
