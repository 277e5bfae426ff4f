"""The schedule is called instead of handed over.

Breaks: every-epoch
"""


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(scheduler(0, 1e-4))
