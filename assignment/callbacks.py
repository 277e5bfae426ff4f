"""Section 3: train a network, keep its best weights, and slow it down in time.

You write a checkpoint, a learning-rate schedule with its callback, and the training
run that uses them both. The same functions serve the CNN and the LSTM.
"""

from __future__ import annotations

from pathlib import Path

import keras
import tensorflow as tf


def build_checkpoint(filepath: str | Path) -> keras.callbacks.ModelCheckpoint:
    """Build the callback that keeps the best epoch of a training run.

    Args:
        filepath: The file to write. The kit calls this function with a path that
            ends in ``.weights.h5`` (weights only); if your code raises an error with
            it, once more with one that ends in ``.keras`` (the whole model).

    Returns:
        A new callback that writes the file after every epoch with a lower validation
        loss than all epochs of its run before it, at once, and after no other. It
        writes no other file.

    Source:
        Section 3.a.i of the brief.
    """
    raise NotImplementedError


def scheduler(epoch: int, lr: float) -> float:
    """Give the learning rate of an epoch.

    Args:
        epoch: Index of the epoch that begins; the first is 0.
        lr: Learning rate in use until now.

    Returns:
        ``lr`` unchanged for the indices 0 to 9, from index 10 on ``lr`` times
        exp(-0.01). A Python float, not a tensor.

    Example:
        >>> scheduler(9, 0.5)
        0.5
        >>> round(scheduler(10, 0.5), 6)
        0.495025

    Source:
        Section 3.a.ii of the brief.
    """
    raise NotImplementedError


def build_lr_callback() -> keras.callbacks.LearningRateScheduler:
    """Build the callback that applies ``scheduler`` at the start of every epoch.

    Returns:
        The callback. A run of 40 epochs that starts at 1e-4 ends at 7.4082e-5.

    Source:
        Section 3.a.iii of the brief.
    """
    raise NotImplementedError


def train(
    model: keras.Model,
    train_ds: tf.data.Dataset,
    valid_ds: tf.data.Dataset,
    *,
    epochs: int,
    checkpoint_path: str | Path,
) -> keras.callbacks.History:
    """Train a compiled model and leave it as it was at its best.

    Uses the callbacks of ``build_checkpoint`` and ``build_lr_callback``, and
    validates after every epoch. The last epoch is seldom the best one: when the
    function returns, the model holds the weights of the epoch with the lowest
    validation loss.

    Args:
        model: A compiled model, which is trained as it comes and so changed.
        train_ds: Batches of ``(inputs, labels)`` of the training films. Every epoch
            shows all of them once.
        valid_ds: The same of the validation films, all of which are looked at after
            every epoch.
        epochs: How many epochs to train: 40 for the CNN, 20 for the LSTM. All of
            them are run.
        checkpoint_path: The file for ``build_checkpoint``, with the same suffixes.

    Returns:
        What ``fit()`` returned: ``loss`` and ``val_loss`` for every epoch.

    Source:
        Section 3.b of the brief.
    """
    raise NotImplementedError
