"""The validation accuracy is watched, not the loss.

Breaks: validation-loss
"""


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        filepath,
        monitor="val_accuracy",
        mode="max",
        save_best_only=True,
        save_weights_only=True,
    )
