"""The schedule is handed over inside a lambda; training runs in nested functions."""

import math

import keras


def build_checkpoint(filepath):
    def suffix():
        return str(filepath).rsplit(".", 1)[-1]

    return keras.callbacks.ModelCheckpoint(
        filepath,
        monitor="val_loss",
        save_best_only=True,
        save_weights_only=suffix() == "h5",
    )


def scheduler(epoch, lr):
    def is_early():
        return epoch in range(10)

    def slower():
        return math.exp(math.log(lr) - 0.01)

    return lr if is_early() else slower()


def build_lr_callback():
    return keras.callbacks.LearningRateScheduler(lambda epoch, lr: scheduler(epoch, lr))


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    def fit():
        return model.fit(
            train_ds,
            validation_data=valid_ds,
            epochs=epochs,
            callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
        )

    def restore():
        model.load_weights(checkpoint_path)

    history = fit()
    restore()
    return history
