"""A generator yields films in a new order each time; adapts film by film."""
import itertools
import random

import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = list(zip(overviews, labels))

    def shuffled_or_not():
        order = random.sample(films, k=len(films)) if training else films
        for overview, label in order:
            yield overview, label

    spec = (tf.TensorSpec((), tf.string), tf.TensorSpec((len(labels[0]),), tf.int64))
    return tf.data.Dataset.from_generator(
        shuffled_or_not, output_signature=spec).batch(batch_size)


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = tf.keras.layers.TextVectorization(max_tokens, output_sequence_length=60)
    # unbatch, drop the label, and batch again in another size
    encoder.adapt(train_ds.unbatch().map(lambda text, _label: text).batch(32))
    return encoder


def first_words(encoder, n=200):
    return list(itertools.islice(encoder.get_vocabulary(), n))
