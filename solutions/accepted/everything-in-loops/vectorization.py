"""Collects the words, and the overviews for adapt(), one by one in loops."""
import keras
import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    texts = []
    for overview in overviews:
        texts.append(overview)
    dataset = tf.data.Dataset.from_tensor_slices((texts, labels))
    if training:
        dataset = dataset.shuffle(len(texts))
    dataset = dataset.batch(batch_size)
    return dataset


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = keras.layers.TextVectorization(max_tokens=max_tokens)
    texts = []
    for batch, _ in train_ds:
        for text in batch.numpy():
            texts.append(text.decode('utf-8'))
    encoder.adapt(texts)
    return encoder


def first_words(encoder, n=200):
    words = []
    position = 0
    for word in encoder.get_vocabulary():
        if position == n:
            break
        position = position + 1
        # '' and [UNK] are not words
        if word == '' or word == '[UNK]':
            continue
        words.append(word)
    return words
