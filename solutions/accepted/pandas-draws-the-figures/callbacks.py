"""Reads the best epoch off a data frame of the history."""
import keras
import pandas as pd


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        filepath, monitor="val_loss", save_best_only=True, save_weights_only=True
    )


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    best = pd.DataFrame(history.history)["val_loss"].idxmin()
    print(f"best epoch: {best + 1}")
    model.load_weights(checkpoint_path)
    return history
