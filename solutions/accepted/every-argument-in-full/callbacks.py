"""Spells out checkpoint and fit; reloads what the checkpoint says it wrote."""

import os

import keras
import numpy

FIRST_EPOCH_THAT_FALLS = 10
DECAY = -0.01


def build_checkpoint(filepath):
    """Checkpoint of the epoch with the lowest validation loss."""
    filepath = os.fspath(path=filepath)
    return keras.callbacks.ModelCheckpoint(
        filepath=filepath,
        monitor="val_loss",
        verbose=0,
        save_best_only=True,
        save_weights_only=filepath.lower().endswith(".weights.h5"),
        mode="min",
        save_freq="epoch",
        initial_value_threshold=float("inf"),
    )


def scheduler(epoch, lr):
    """Learning rate of an epoch."""
    exponent = DECAY if epoch >= FIRST_EPOCH_THAT_FALLS else 0.0
    return float(numpy.multiply(lr, numpy.exp(exponent, dtype=numpy.float64), dtype=numpy.float64))


def build_lr_callback():
    """Callback of the schedule."""
    return keras.callbacks.LearningRateScheduler(schedule=scheduler, verbose=0)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    """Train, then go back to the best epoch."""
    checkpoint = build_checkpoint(filepath=checkpoint_path)
    history = model.fit(
        x=train_ds,
        y=None,
        batch_size=None,
        epochs=epochs,
        verbose="auto",
        callbacks=[checkpoint, build_lr_callback()],
        validation_split=0.0,
        validation_data=valid_ds,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
    )
    model.load_weights(filepath=checkpoint.filepath, skip_mismatch=False)
    return history
