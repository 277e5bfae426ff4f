"""Matches the words of the vocabulary against its two special entries."""

import keras
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = tf.data.Dataset.from_tensor_slices({"overview": list(overviews), "label": labels})
    match training:
        case True:
            films = films.shuffle(len(labels))
        case False:
            pass
    films = films.map(lambda film: (film["overview"], film["label"]))
    return films.batch(batch_size)


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    encoder.adapt(train_ds.map(lambda overviews, labels: tf.expand_dims(overviews, -1)))
    return encoder


def first_words(encoder, n=200):
    match encoder.get_vocabulary():
        case ["", "[UNK]", *words]:
            return words[:n]
        case words:
            return words[:n]
