"""The validation precision is watched, not the loss.

Breaks: validation-loss
"""


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        filepath, monitor="val_precision", save_best_only=True, save_weights_only=True
    )
