"""The callback gets a partial of the scheduler, and the checkpoint is one, too."""

from functools import partial
from math import exp

import keras

Checkpoint = partial(
    keras.callbacks.ModelCheckpoint,
    monitor="val_loss",
    mode="min",
    save_best_only=True,
    save_weights_only=True,
)


def decay(epoch, lr, *, start, rate):
    return float(lr) if epoch < start else float(lr * exp(-rate))


scheduler = partial(decay, start=10, rate=0.01)


def build_checkpoint(filepath):
    return Checkpoint(filepath)


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(partial(decay, start=10, rate=0.01))


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    fit = partial(model.fit, validation_data=valid_ds, validation_freq=1)
    keepers = [build_lr_callback(), build_checkpoint(checkpoint_path)]
    history = fit(train_ds, epochs=epochs, callbacks=keepers)
    model.load_weights(checkpoint_path)
    return history
