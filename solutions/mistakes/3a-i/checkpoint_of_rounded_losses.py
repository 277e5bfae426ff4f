"""Losses are compared with two decimals.

Breaks: validation-loss
"""


class _Keep(keras.callbacks.ModelCheckpoint):
    best_loss = math.inf

    def on_epoch_end(self, epoch, logs=None):
        loss = round(logs["val_loss"], 2)
        if loss < self.best_loss:
            self.best_loss = loss
            super().on_epoch_end(epoch, logs)


def build_checkpoint(filepath):
    return _Keep(str(filepath), save_weights_only=str(filepath).endswith(".h5"))
