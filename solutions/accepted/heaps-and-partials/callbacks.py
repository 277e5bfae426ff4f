"""Restores with EarlyStopping, which is so patient that it never stops."""

from __future__ import annotations

from functools import partial
from math import exp
from operator import mul

import keras

build_checkpoint = partial(
    keras.callbacks.ModelCheckpoint, monitor="val_loss", save_best_only=True, save_weights_only=True
)
slow_down = partial(mul, exp(-0.01))


def scheduler(epoch: int, lr: float) -> float:
    return slow_down(lr) if epoch >= 10 else lr


build_lr_callback = partial(keras.callbacks.LearningRateScheduler, scheduler)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    restore = keras.callbacks.EarlyStopping("val_loss", patience=epochs, restore_best_weights=True)
    return model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        verbose=2,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback(), restore],
    )
