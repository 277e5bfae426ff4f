"""Folders are made with os; a class of my own, derived from LearningRateScheduler."""

import math
import os

from tensorflow import keras


def build_checkpoint(filepath):
    filepath = os.fspath(filepath)
    folder = os.path.dirname(filepath)
    if folder and not os.path.exists(folder):
        os.makedirs(folder)
    return keras.callbacks.ModelCheckpoint(
        filepath=filepath,
        monitor="val_loss",
        verbose=1,
        save_best_only=True,
        save_weights_only=filepath.endswith("weights.h5"),
        mode="min",
    )


def scheduler(epoch, lr):
    """Epoch is an index: the eleventh epoch is number 10."""
    if epoch + 1 <= 10:
        return float(lr)
    else:
        return float(lr * math.pow(math.e, -0.01))


class Slower(keras.callbacks.LearningRateScheduler):
    """Tells the rate at the end of every tenth epoch."""

    def __init__(self):
        super().__init__(scheduler, verbose=0)

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        if epoch % 10 == 9:
            rate = float(self.model.optimizer.learning_rate.numpy())
            print("learning rate: %.6g" % rate)


def build_lr_callback():
    return Slower()


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    checkpoint = build_checkpoint(checkpoint_path)
    slower = build_lr_callback()
    try:
        history = model.fit(
            train_ds,
            validation_data=valid_ds,
            validation_freq=1,
            epochs=epochs,
            initial_epoch=0,
            callbacks=[checkpoint, slower],
        )
    finally:
        # also if I lose my patience (Ctrl + C)
        if os.path.exists(checkpoint_path):
            model.load_weights(checkpoint_path)
    return history
