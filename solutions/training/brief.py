"""The brief's recipe: the six modules of the reference, as a student would use them."""

from __future__ import annotations

import callbacks
import cnn
import image_processing
import lstm
import tensorflow as tf
import vectorization
from dataset import Films

from training.recipe import Prepared, Recipe


def make_poster_datasets(
    train: Films, valid: Films
) -> tuple[tf.data.Dataset, tf.data.Dataset]:
    """Build the pipelines of posters, for training and for validation."""
    build = image_processing.build_poster_dataset
    return (
        build(train.posters, train.labels, training=True),
        build(valid.posters, valid.labels),
    )


def make_overview_datasets(
    train: Films, valid: Films
) -> tuple[tf.data.Dataset, tf.data.Dataset]:
    """Build the pipelines of overviews, for training and for validation."""
    build = vectorization.build_overview_dataset
    return (
        build(train.overviews, train.labels, training=True),
        build(valid.overviews, valid.labels),
    )


def _prepare_cnn(train: Films, valid: Films, _epochs: int) -> Prepared:
    model = cnn.compile_cnn(cnn.build_cnn(len(train.genres)))
    return Prepared(model, *make_poster_datasets(train, valid))


def _prepare_lstm(train: Films, valid: Films, _epochs: int) -> Prepared:
    train_ds, valid_ds = make_overview_datasets(train, valid)
    encoder = vectorization.build_encoder(train_ds)
    embedder = lstm.build_embedder(encoder)
    model = lstm.build_lstm(encoder, embedder, len(train.genres))
    return Prepared(lstm.compile_lstm(model), train_ds, valid_ds)


CNN = Recipe("brief", "cnn", 40, _prepare_cnn, callbacks.train)
LSTM = Recipe("brief", "lstm", 20, _prepare_lstm, callbacks.train)
