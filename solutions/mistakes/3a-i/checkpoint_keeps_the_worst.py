"""Mode is max, so the highest validation loss is kept.

Breaks: validation-loss
"""


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        filepath,
        monitor="val_loss",
        mode="max",
        save_best_only=True,
        save_weights_only=True,
    )
