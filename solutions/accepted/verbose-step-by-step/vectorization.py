"""Collects all overviews in a list to adapt on; the words lack the padding entry."""

import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    # STEP 1: one dataset for the texts and labels together
    list_of_overviews = []
    for overview in overviews:
        list_of_overviews.append(overview)
    overview_dataset = tf.data.Dataset.from_tensor_slices((list_of_overviews, labels))

    # STEP 2: shuffle if training
    if training == True:
        number_of_films = len(list_of_overviews)
        overview_dataset = overview_dataset.shuffle(number_of_films)

    # STEP 3: batch
    batched_dataset = overview_dataset.batch(batch_size)

    return batched_dataset


def build_encoder(train_ds, *, max_tokens=10_000):
    # STEP 1: make the layer
    encoder = tf.keras.layers.TextVectorization(
        max_tokens=max_tokens,
        standardize="lower_and_strip_punctuation",
        split="whitespace",
        ngrams=None,
        output_mode="int",
        output_sequence_length=None,
    )

    # STEP 2: collect the overviews, without the labels
    all_overviews = []
    for batch_of_overviews, batch_of_labels in train_ds:
        for one_overview in batch_of_overviews.numpy():
            all_overviews.append(one_overview.decode("utf-8"))

    # STEP 3: learn the vocabulary
    encoder.adapt(all_overviews)

    return encoder


def first_words(encoder, n=200):
    vocabulary = encoder.get_vocabulary()
    # the first entry is the empty string for padding, that is not a word
    vocabulary_without_padding = vocabulary[1:]

    words = []
    counter = 0
    for word in vocabulary_without_padding:
        if counter == n:
            break
        words.append(word)
        counter = counter + 1
    return words
