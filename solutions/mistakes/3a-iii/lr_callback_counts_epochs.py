"""Epochs are counted in a variable of the callback's own.

Breaks: scheduler
"""

import itertools


def build_lr_callback():
    epochs = itertools.count()
    return keras.callbacks.LearningRateScheduler(
        lambda _, lr: scheduler(next(epochs), lr)
    )
