"""The extended recipe: the same networks, trained for the lowest validation loss.

What differs from the brief, for both models: the last layer begins at the genres'
frequencies instead of at one half, the weights decay, and the learning rate warms up
and then falls to zero along a cosine. Posters are flipped, shifted and lit at random;
overviews lose words at random. Nothing is chosen by looking at validation films but
the best epoch, as in the brief's recipe.
"""

from __future__ import annotations

from pathlib import Path

import callbacks
import cnn
import keras
import lstm
import numpy as np
import tensorflow as tf
import vectorization
from dataset import Films

from training import brief, scores
from training.recipe import Prepared, Recipe

LOST_WORDS = 0.15
"""The part of an overview's words that a training step does not see."""
SHIFT = 4
"""Pixels, of 64, that a poster is shifted by at most."""
LIGHT = 0.15
"""How much darker or lighter a poster becomes at most."""
WARM_UP = 0.1
"""The part of the training in which the learning rate rises."""


def train(
    model: keras.Model,
    train_ds: tf.data.Dataset,
    valid_ds: tf.data.Dataset,
    *,
    epochs: int,
    checkpoint_path: str | Path,
) -> keras.callbacks.History:
    """Train with the optimizer's own schedule; leave the best epoch's weights."""
    checkpoint = callbacks.build_checkpoint(checkpoint_path)
    history = model.fit(
        train_ds, validation_data=valid_ds, epochs=epochs, callbacks=[checkpoint]
    )
    model.load_weights(checkpoint_path)
    return history


def _prepare_cnn(train: Films, valid: Films, epochs: int) -> Prepared:
    train_ds, valid_ds = brief.make_poster_datasets(train, valid)
    model = cnn.build_cnn(len(train.genres))
    _compile(model, train, 5e-4, epochs * train_ds.cardinality().numpy())
    return Prepared(model, train_ds.map(_vary_posters, tf.data.AUTOTUNE), valid_ds)


def _prepare_lstm(train: Films, valid: Films, epochs: int) -> Prepared:
    train_ds, valid_ds = brief.make_overview_datasets(train, valid)
    encoder = vectorization.build_encoder(train_ds)
    embedder = lstm.build_embedder(encoder)
    model = lstm.build_lstm(encoder, embedder, len(train.genres))
    _compile(model, train, 1e-3, epochs * train_ds.cardinality().numpy())
    return Prepared(model, train_ds.map(_lose_words, tf.data.AUTOTUNE), valid_ds)


def _compile(model: keras.Model, train: Films, rate: float, steps: int) -> None:
    """Compile with decaying weights and rate, and begin at the genres' frequencies."""
    frequencies = scores.smoothed_frequencies(train.labels)
    model.layers[-1].bias.assign(scores.log_odds(frequencies).astype(np.float32))
    warm_up = int(steps * WARM_UP)
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 10 if warm_up else rate,
        steps - warm_up,
        warmup_target=rate if warm_up else None,
        warmup_steps=warm_up,
    )
    model.compile(
        optimizer=keras.optimizers.AdamW(schedule, weight_decay=0.05),
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(name="precision"),
            keras.metrics.Recall(name="recall"),
        ],
    )


def _vary_posters(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Flip and light each poster of a batch at random; shift all of them alike."""
    flipped = tf.image.random_flip_left_right(images)
    border = [[0, 0], [SHIFT, SHIFT], [SHIFT, SHIFT], [0, 0]]
    padded = tf.pad(flipped, border, mode="REFLECT")
    shifted = tf.image.random_crop(padded, tf.shape(images))
    light = tf.random.uniform((tf.shape(images)[0], 1, 1, 1), 1 - LIGHT, 1 + LIGHT)
    return tf.clip_by_value(shifted * light, 0.0, 1.0), labels


def _lose_words(overviews: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Leave words out of each overview at random."""
    words = tf.strings.split(overviews)
    kept = tf.random.uniform(tf.shape(words.flat_values)) >= LOST_WORDS
    rest = tf.ragged.boolean_mask(words, words.with_flat_values(kept))
    return tf.strings.reduce_join(rest, axis=-1, separator=" "), labels


CNN = Recipe("extended", "cnn", 30, _prepare_cnn, train)
LSTM = Recipe("extended", "lstm", 8, _prepare_lstm, train)
