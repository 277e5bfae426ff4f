"""The file gets its name when training ends; until then it has another.

Breaks: path
"""


class _Renamed(keras.callbacks.ModelCheckpoint):
    def on_train_begin(self, logs=None):
        self.target = Path(self.filepath)
        self.filepath = str(self.target.with_name("running.weights.h5"))

    def on_train_end(self, logs=None):
        Path(self.filepath).replace(self.target)


def build_checkpoint(filepath):
    return _Renamed(
        str(filepath), monitor="val_loss", save_best_only=True, save_weights_only=True
    )
