"""Three epochs without a better one, and nothing is written any more.

Breaks: validation-loss
"""


class _Impatient(keras.callbacks.ModelCheckpoint):
    waited = 0

    def on_epoch_end(self, epoch, logs=None):
        before = self.best
        if self.waited < 3:
            super().on_epoch_end(epoch, logs)
        self.waited = 0 if self.best != before else self.waited + 1


def build_checkpoint(filepath):
    return _Impatient(
        str(filepath), monitor="val_loss", save_best_only=True, save_weights_only=True
    )
