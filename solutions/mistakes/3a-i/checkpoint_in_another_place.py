"""The file is written to a path of its own.

Breaks: path
"""


def build_checkpoint(filepath):
    import tempfile

    return keras.callbacks.ModelCheckpoint(
        tempfile.mkdtemp() + "/best.weights.h5",
        save_best_only=True,
        save_weights_only=True,
    )
