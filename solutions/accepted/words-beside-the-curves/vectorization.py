"""Shuffles numbers of films, and looks up overviews and labels by number."""
import keras
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    overviews, labels = tf.constant(list(overviews)), tf.constant(labels)
    numbers = tf.data.Dataset.range(len(overviews))
    if training: numbers = numbers.shuffle(len(overviews))
    return numbers.batch(batch_size).map(lambda i: (tf.gather(overviews, i), tf.gather(labels, i)))


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(
        max_tokens=max_tokens, output_mode='int', ngrams=None, pad_to_max_tokens=False, encoding='utf-8')
    everything = tf.concat([overviews for overviews, _ in train_ds], axis=0)
    encoder.adapt(everything)
    return encoder


def first_words(encoder, n=200):
    return [str(w) for w, _ in zip(encoder.get_vocabulary(), range(n))]
