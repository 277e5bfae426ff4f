"""Matches the suffix of the file, and the epoch with a guard."""

from math import exp
from pathlib import Path

import keras


def build_checkpoint(filepath):
    match Path(filepath).suffixes:
        case [*_, ".weights", ".h5"]:
            only_weights = True
        case [*_, ".keras"]:
            only_weights = False
        case suffixes:
            raise ValueError(f"{suffixes}: neither .weights.h5 nor .keras")
    return keras.callbacks.ModelCheckpoint(
        str(filepath), save_best_only=True, save_weights_only=only_weights
    )


def scheduler(epoch, lr):
    match epoch:
        case 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9:
            return lr
        case _:
            return lr * exp(-0.01)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_lr_callback(), build_checkpoint(checkpoint_path)],
    )
    model.load_weights(checkpoint_path)
    return history
