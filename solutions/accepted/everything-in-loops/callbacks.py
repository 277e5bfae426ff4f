"""Copies the weights of the best file back layer by layer in a loop."""
import keras
import numpy as np


def build_checkpoint(filepath):
    # Saves the whole model. Needs a name with .keras at the end.
    return keras.callbacks.ModelCheckpoint(filepath, save_best_only=True)


def scheduler(epoch, lr):
    if epoch > 9:
        lr = lr * np.exp(-0.01)
    return float(lr)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    callbacks = []
    callbacks.append(build_checkpoint(checkpoint_path))
    callbacks.append(build_lr_callback())
    history = model.fit(train_ds, validation_data=valid_ds, epochs=epochs, callbacks=callbacks)

    best = keras.models.load_model(checkpoint_path)
    for mine, saved in zip(model.layers, best.layers):
        mine.set_weights(saved.get_weights())
    return history
