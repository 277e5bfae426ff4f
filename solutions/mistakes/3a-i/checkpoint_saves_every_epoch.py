"""save_best_only is missing, so the file holds the last epoch.

Breaks: better-only
"""


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        filepath,
        monitor="val_loss",
        save_weights_only=str(filepath).endswith(".weights.h5"),
    )
