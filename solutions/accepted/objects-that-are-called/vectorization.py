"""TextVectorization is subclassed; a class of overviews makes datasets."""

import tensorflow as tf
from tensorflow import keras


class Encoder(keras.layers.TextVectorization):
    """Knows how to learn from pairs, and how to show its words."""

    def learn(self, pairs):
        self.adapt(pairs.map(self.first_of_two))
        return self

    @staticmethod
    def first_of_two(first, second):
        return first

    def words(self, n):
        vocabulary = iter(self.get_vocabulary())
        return [word for word, _ in zip(vocabulary, range(n))]


class Overviews:
    def __init__(self, overviews, labels):
        self.overviews = [str(overview) for overview in overviews]
        self.labels = labels

    def __len__(self):
        return len(self.overviews)

    def __iter__(self):
        return iter([self.overviews, self.labels])

    def dataset(self):
        return tf.data.Dataset.from_tensor_slices(tuple(self))

    def shuffled(self):
        return self.dataset().shuffle(len(self), reshuffle_each_iteration=True)


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    films = Overviews(overviews, labels)
    return (films.shuffled() if training else films.dataset()).batch(batch_size)


def build_encoder(train_ds, *, max_tokens=10_000):
    return Encoder(max_tokens=max_tokens).learn(train_ds)


def first_words(encoder, n=200):
    # works for encoders that are not of my class, too
    return Encoder.words(encoder, n)
