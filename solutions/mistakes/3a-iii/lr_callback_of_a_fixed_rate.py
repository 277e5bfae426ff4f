"""The schedule is always asked about 1e-4.

Breaks: every-epoch
"""


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(lambda e, lr: scheduler(e, 1e-4))
