"""The best weights are written when training ends, not after the epoch.

Breaks: at-once
"""


class _Keep(keras.callbacks.ModelCheckpoint):
    best_loss = math.inf
    weights = None

    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] < self.best_loss:
            self.best_loss = logs["val_loss"]
            self.weights = self.model.get_weights()

    def on_train_end(self, logs=None):
        self.model.set_weights(self.weights)
        self.model.save_weights(self.filepath)


def build_checkpoint(filepath):
    return _Keep(str(filepath), save_weights_only=True)
