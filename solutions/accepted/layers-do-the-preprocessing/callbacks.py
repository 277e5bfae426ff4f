"""Leaves the mode of the checkpoint to Keras and loads its file at the end."""

import math

import keras


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        filepath=str(filepath),
        monitor="val_loss",
        save_weights_only=True,
        save_best_only=True,
        verbose=1,
    )


def scheduler(epoch, lr):
    # first ten epochs: leave it alone
    if epoch < 10:
        return lr
    else:
        return lr * math.exp(-0.01)


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(scheduler, verbose=1)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    checkpoint = build_checkpoint(checkpoint_path)
    lr_callback = build_lr_callback()
    history = model.fit(
        train_ds,
        epochs=epochs,
        validation_data=valid_ds,
        callbacks=[checkpoint, lr_callback],
    )
    # back to the best epoch
    model.load_weights(str(checkpoint_path))
    return history
