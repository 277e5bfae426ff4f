"""Saves the whole model whatever the file is called, and loads it all again."""

import math

import tensorflow as tf


def build_checkpoint(filepath):
    # ModelCheckpoint looks at val_loss if nothing else is said
    checkpoint = tf.keras.callbacks.ModelCheckpoint(filepath, save_best_only=True)
    return checkpoint


def scheduler(epoch, lr):
    # the first ten epochs are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
    if epoch < 10:
        new_lr = lr
    else:
        new_lr = lr * math.exp(-0.01)
    return float(new_lr)


def build_lr_callback():
    lr_callback = tf.keras.callbacks.LearningRateScheduler(schedule=scheduler, verbose=1)
    return lr_callback


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    # STEP 1: the callbacks
    checkpoint = build_checkpoint(checkpoint_path)
    lr_callback = build_lr_callback()
    list_of_callbacks = [checkpoint, lr_callback]

    # STEP 2: fit
    history = model.fit(
        x=train_ds,
        epochs=epochs,
        verbose=1,
        callbacks=list_of_callbacks,
        validation_data=valid_ds,
    )

    # STEP 3: the last epoch is not the best one! load the best one from the file
    best_model = tf.keras.models.load_model(checkpoint_path)
    best_weights = best_model.get_weights()
    model.set_weights(best_weights)

    return history
