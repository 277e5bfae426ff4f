"""ReduceLROnPlateau follows the loss, not the schedule.

Breaks: scheduler
"""


def build_lr_callback():
    return keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.99)
