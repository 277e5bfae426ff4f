"""Writes weights or a whole file, as the suffix asks, and reads back what it wrote."""

from pathlib import Path

import keras
import numpy as np
import tensorflow as tf


def build_checkpoint(filepath: str | Path) -> keras.callbacks.ModelCheckpoint:
    only_weights = Path(filepath).suffix != ".keras"
    return keras.callbacks.ModelCheckpoint(
        filepath, mode="min", save_best_only=True, save_weights_only=only_weights
    )


def scheduler(epoch: int, lr: float) -> float:
    steps = np.array([1.0, np.exp(-0.01)])
    return (lr * steps[int(epoch >= 10)]).item()


def build_lr_callback() -> keras.callbacks.LearningRateScheduler:
    return keras.callbacks.LearningRateScheduler(schedule=scheduler)


def train(
    model: keras.Model,
    train_ds: tf.data.Dataset,
    valid_ds: tf.data.Dataset,
    *,
    epochs: int,
    checkpoint_path: str | Path,
) -> keras.callbacks.History:
    checkpoint, schedule = build_checkpoint(checkpoint_path), build_lr_callback()
    history = model.fit(
        train_ds, validation_data=valid_ds, epochs=epochs, callbacks=[schedule, checkpoint], verbose=0
    )
    model.load_weights(checkpoint.filepath)
    return history
