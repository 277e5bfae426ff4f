"""A power of e is the decay; the callbacks are a tuple unpacked into a list."""
from math import e

from tensorflow import keras


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(str(filepath), monitor='val_loss', mode='min',
                                           save_best_only=True, save_weights_only=True)


def scheduler(epoch, lr):
    return lr * e ** (-0.01 * (epoch >= 10))


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    callbacks = (build_checkpoint(checkpoint_path), build_lr_callback())
    history = model.fit(train_ds, validation_data=valid_ds, epochs=epochs, verbose=0,
                        callbacks=[*callbacks])
    model.load_weights(str(checkpoint_path))
    return history
