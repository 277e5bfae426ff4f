"""The training loss is watched, not the validation loss.

Breaks: validation-loss
"""


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        filepath, monitor="loss", save_best_only=True, save_weights_only=True
    )
