"""A schedule that leaves every rate as it is.

Breaks: scheduler
"""


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr)
