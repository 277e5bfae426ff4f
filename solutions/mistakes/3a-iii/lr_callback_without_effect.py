"""A schedule that leaves every rate as it is."""


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr)
