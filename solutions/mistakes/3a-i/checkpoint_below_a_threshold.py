"""Only a validation loss below 0.5 counts as good.

Breaks: better-only
"""


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        str(filepath),
        monitor="val_loss",
        save_best_only=True,
        save_weights_only=str(filepath).endswith(".weights.h5"),
        initial_value_threshold=0.5,
    )
