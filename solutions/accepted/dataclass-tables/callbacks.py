"""The schedule is a frozen dataclass whose method the callback is given."""

from __future__ import annotations

import math
from dataclasses import dataclass

import keras


@dataclass(frozen=True)
class Decay:
    constant_epochs: int = 10
    rate: float = 0.01

    def next_rate(self, epoch, lr):
        if epoch < self.constant_epochs:
            return float(lr)
        return float(lr) / math.exp(self.rate)


DECAY = Decay()


def build_checkpoint(filepath):
    options = {"save_best_only": True, "save_weights_only": True, "verbose": 0}
    return keras.callbacks.ModelCheckpoint(filepath, monitor="val_loss", **options)


def scheduler(epoch, lr):
    return DECAY.next_rate(epoch, lr)


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(DECAY.next_rate)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    checkpoint = build_checkpoint(checkpoint_path)
    model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        verbose="auto",
        callbacks=[checkpoint, build_lr_callback()],
    )
    model.load_weights(checkpoint.filepath)
    return model.history
