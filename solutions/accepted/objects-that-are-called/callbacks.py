"""A checkpoint with a class of its own tells what it does; the schedule is an object."""

import math

from tensorflow import keras


class BestEpoch(keras.callbacks.ModelCheckpoint):
    """Writes the best weights, says so, and can put them back."""

    def __init__(self, filepath):
        super().__init__(
            filepath,
            monitor="val_loss",
            mode="min",
            save_best_only=True,
            save_weights_only=True,
        )
        self.best_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        before = self.best
        super().on_epoch_end(epoch, logs)
        if self.best != before:
            self.best_epoch = epoch
            print(f"\nepoch {epoch + 1} is the best so far: {self.best:.4f}")

    def restore(self):
        self.model.load_weights(self.filepath)


class Schedule:
    def __init__(self, first, factor):
        self.first = first
        self.factor = factor

    def __call__(self, epoch, lr):
        return lr * self.factor if epoch >= self.first else lr

    def __repr__(self):
        return f"Schedule({self.first}, {self.factor})"


scheduler = Schedule(first=10, factor=math.exp(-0.01))


def build_checkpoint(filepath):
    return BestEpoch(filepath)


class Trainer:
    """Trains with whatever callbacks it is given, and restores."""

    def __call__(self, model, train_ds, valid_ds, *, epochs, checkpoint_path):
        best = build_checkpoint(checkpoint_path)
        history = model.fit(
            train_ds,
            epochs=epochs,
            validation_data=valid_ds,
            callbacks=[build_lr_callback(), best],
        )
        # best.restore() would do if the checkpoint were always mine
        model.load_weights(checkpoint_path)
        return history


train = Trainer()
