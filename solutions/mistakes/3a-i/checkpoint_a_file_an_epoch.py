"""The epoch is part of the file name, so many files are written.

Breaks: path, no-other-file
"""


def build_checkpoint(filepath):
    folder = Path(filepath).parent
    return keras.callbacks.ModelCheckpoint(
        str(folder / "epoch{epoch:02d}.weights.h5"),
        save_best_only=True,
        save_weights_only=True,
    )
