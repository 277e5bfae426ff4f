"""Every epoch is multiplied, the schedule is not asked.

Breaks: scheduler
"""


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(
        lambda e, lr: lr * math.exp(-0.01) if e >= 11 else lr
    )
