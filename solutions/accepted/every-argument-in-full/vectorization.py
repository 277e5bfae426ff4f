"""Adapts with a batch size and spells out every argument of the encoder."""

import keras
import numpy
import tensorflow


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    """Input pipeline of the overviews (see ``build_poster_dataset``)."""
    overviewArray = numpy.asarray(a=overviews, dtype=numpy.str_)
    dataset = tensorflow.data.Dataset.from_tensor_slices(tensors=(overviewArray, labels))
    if training:
        dataset = dataset.shuffle(
            buffer_size=overviewArray.shape[0], seed=None, reshuffle_each_iteration=True
        )
    dataset = dataset.batch(batch_size=batch_size, drop_remainder=False)
    return dataset.prefetch(buffer_size=tensorflow.data.AUTOTUNE)


def build_encoder(train_ds, *, max_tokens=10_000):
    """Encoder with a vocabulary of the training films."""
    encoder = keras.layers.TextVectorization(
        max_tokens=max_tokens,
        standardize="lower_and_strip_punctuation",
        split="whitespace",
        ngrams=None,
        output_mode="int",
        output_sequence_length=None,
        pad_to_max_tokens=False,
        vocabulary=None,
        idf_weights=None,
        sparse=False,
        ragged=False,
        encoding="utf-8",
        name="encoder",
    )
    overviewBatches = [overviewBatch.numpy() for overviewBatch, labelBatch in train_ds]
    encoder.adapt(data=numpy.concatenate(overviewBatches), batch_size=128, steps=None)
    return encoder


def first_words(encoder, n=200):
    """The most frequent words; the special entries are the first two of them."""
    vocabulary = encoder.get_vocabulary(include_special_tokens=True)
    lastPosition = min(n, len(vocabulary))
    return [vocabulary[position] for position in range(0, lastPosition, 1)]
