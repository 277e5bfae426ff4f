"""The best loss is kept outside, so a second run is held against the first.

Breaks: own-run, new-callback
"""

_BEST = [math.inf]


class _Keep(keras.callbacks.ModelCheckpoint):
    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < _BEST[0]:
            _BEST[0] = logs["val_loss"]
            super().on_epoch_end(epoch, logs)


def build_checkpoint(filepath):
    return _Keep(str(filepath), save_weights_only=str(filepath).endswith(".h5"))
