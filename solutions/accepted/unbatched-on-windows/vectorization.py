"""The batch comes first, is taken apart again, shuffled, and made anew."""

import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    batches = tf.data.Dataset.from_tensors((tf.constant(list(overviews)), labels))
    films = batches.unbatch()
    if training:
        # unbatch() forgets how many there are
        films = films.apply(tf.data.experimental.assert_cardinality(len(overviews)))
        films = films.shuffle(films.cardinality(), reshuffle_each_iteration=True)
    return films.batch(batch_size)


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = tf.keras.layers.TextVectorization(
        max_tokens=max_tokens,
        output_mode="int",
        # the longest overview has 68 words
        output_sequence_length=70,
    )
    overviews = train_ds.unbatch().map(lambda overview, label: overview)
    encoder.adapt(overviews.batch(512))
    return encoder


def first_words(encoder, n=200):
    words = encoder.get_vocabulary()
    if len(words) < n:
        return words
    return words[0:n]
