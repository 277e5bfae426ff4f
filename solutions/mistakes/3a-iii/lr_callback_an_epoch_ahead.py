"""The schedule is asked for the next epoch (epochs counted from 1).

Breaks: scheduler
"""


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(lambda e, lr: scheduler(e + 1, lr))
