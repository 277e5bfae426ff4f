"""Returns a dataset that never begins, an encoder with endless words, and odd texts.

task 1b-i: 0, timed out
task 1b-ii: 0, timed out
task 1b-iii: 0, failed
"""

import itertools

import keras
import numpy as np
import tensorflow as tf


def wait():
    while True:
        np.zeros(1)
    yield "never", np.zeros(25, np.int64)


class Endless(keras.layers.TextVectorization):
    def get_vocabulary(self, *args, **kwargs):
        return itertools.repeat("word")


def build_overview_dataset(overviews, labels, batch_size=64, training=False):
    parts = (tf.TensorSpec((), tf.string), tf.TensorSpec((25,), tf.int64))
    made = tf.data.Dataset.from_generator(wait, output_signature=parts)
    return made.batch(batch_size).repeat()


def build_encoder(*args, **kwargs):
    return Endless()


def first_words(*args, **kwargs):
    return [float("nan"), b"\xff", "\ud800", None, ["a"], {"a": 1}, 10**290]
