"""The file is written every other batch (save_freq).

Breaks: better-only
"""


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        str(filepath),
        monitor="loss",
        save_best_only=True,
        save_weights_only=str(filepath).endswith(".weights.h5"),
        save_freq=2,
    )
