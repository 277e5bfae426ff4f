"""EarlyStopping, with more patience than epochs, restores the best weights."""

from __future__ import annotations

from keras import ops
from keras.callbacks import EarlyStopping, LearningRateScheduler, ModelCheckpoint


def build_checkpoint(filepath):
    return ModelCheckpoint(
        filepath=filepath,
        monitor="val_loss",
        verbose=1,
        save_best_only=True,
        save_weights_only=True,
        mode="auto",
        save_freq="epoch",
    )


def scheduler(epoch, lr):
    if epoch <= 9:
        return lr
    return lr * float(ops.exp(-0.01))


def build_lr_callback():
    return LearningRateScheduler(scheduler, verbose=0)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    # It never stops early: its patience outlasts the training. It only restores.
    restore = EarlyStopping("val_loss", patience=epochs, restore_best_weights=True)
    return model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        verbose=2,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback(), restore],
    )
