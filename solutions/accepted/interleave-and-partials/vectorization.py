"""partial presets the layer's arguments; operator.itemgetter picks and slices."""

from functools import partial
from operator import itemgetter

import numpy as np
import tensorflow as tf
from keras.layers import TextVectorization

Encoder = partial(
    TextVectorization,
    output_mode="int",
    output_sequence_length=80,
    standardize="lower_and_strip_punctuation",
)


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    columns = {"overview": np.array(overviews, dtype=object), "label": labels}
    films = tf.data.Dataset.from_tensor_slices(columns)
    films = films.map(lambda film: itemgetter("overview", "label")(film))
    shuffle = partial(films.shuffle, buffer_size=len(overviews), seed=2024)
    films = shuffle() if training else films
    return films.batch(batch_size)


def build_encoder(train_ds, *, max_tokens=10_000):
    encoder = Encoder(max_tokens=max_tokens)
    encoder.adapt(train_ds.map(lambda *film: itemgetter(0)(film)))
    return encoder


def first_words(encoder, n=200):
    return itemgetter(slice(n))(encoder.get_vocabulary())
