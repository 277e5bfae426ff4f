"""Epochs are counted in a variable outside, which the next run goes on with.

Breaks: scheduler
"""

import itertools

_EPOCHS = itertools.count()


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(
        lambda _, lr: scheduler(next(_EPOCHS), lr)
    )
