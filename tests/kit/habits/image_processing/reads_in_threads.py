"""Decodes with many threads, in whatever order they finish."""

import tensorflow as tf

_build = build_poster_dataset


def build_poster_dataset(*args, **options):
    dataset = _build(*args, **options)
    settings = tf.data.Options()
    settings.threading.private_threadpool_size = 8
    return dataset.with_options(settings)
