"""Derives a class of its own from every callback, one of which restores the best."""

import math

import keras


class BestEpoch(keras.callbacks.ModelCheckpoint):
    """Keeps the best epoch, and tells about it."""

    def __init__(self, filepath):
        super().__init__(
            filepath,
            monitor="val_loss",
            mode="min",
            save_best_only=True,
            save_weights_only=str(filepath).endswith(".weights.h5"),
        )

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        print("best validation loss so far:", self.best)


class SlowDown(keras.callbacks.LearningRateScheduler):
    """Applies the schedule below."""

    def __init__(self):
        super().__init__(scheduler, verbose=1)


class RestoreBest(keras.callbacks.Callback):
    """Keeps a copy of the best weights in memory and puts it back at the end."""

    def __init__(self):
        super().__init__()
        self.lowest = float("inf")
        self.weights = None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.lowest:
            self.lowest = logs["val_loss"]
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        if self.weights is not None:
            self.model.set_weights(self.weights)


def build_checkpoint(filepath):
    return BestEpoch(filepath)


def scheduler(epoch, lr):
    return lr if epoch < 10 else lr * math.exp(-0.01)


def build_lr_callback():
    return SlowDown()


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    callbacks = [build_checkpoint(checkpoint_path), build_lr_callback(), RestoreBest()]
    return model.fit(train_ds, validation_data=valid_ds, epochs=epochs, callbacks=callbacks)
