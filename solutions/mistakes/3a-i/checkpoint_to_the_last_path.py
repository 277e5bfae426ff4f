"""The path is read from a variable that the next call changes.

Breaks: new-callback, path
"""

_PATH = []


class _Keep(keras.callbacks.ModelCheckpoint):
    def on_epoch_end(self, epoch, logs=None):
        self.filepath = _PATH[-1]
        super().on_epoch_end(epoch, logs)


def build_checkpoint(filepath):
    _PATH.append(str(filepath))
    return _Keep(
        str(filepath),
        save_best_only=True,
        save_weights_only=str(filepath).endswith(".weights.h5"),
    )
