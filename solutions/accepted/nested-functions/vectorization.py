"""Functions in functions; words come without the two special entries."""

import tensorflow as tf


def build_overview_dataset(overviews, labels, *, batch_size=64, training=False):
    def order(ds):
        if not training:
            return ds
        return ds.shuffle(buffer_size=len(overviews), reshuffle_each_iteration=True)

    def batches(ds):
        return ds.batch(batch_size)

    films = tf.data.Dataset.from_tensor_slices((list(overviews), labels))
    return films.apply(order).apply(batches)


def build_encoder(train_ds, *, max_tokens=10_000):
    def without_labels(ds):
        def first(overview, _):
            return overview

        return ds.map(first)

    def learnt(layer):
        layer.adapt(without_labels(train_ds))
        return layer

    return learnt(tf.keras.layers.TextVectorization(max_tokens=max_tokens))


def first_words(encoder, n=200):
    def words():
        return encoder.get_vocabulary(include_special_tokens=False)

    return words()[:n]
