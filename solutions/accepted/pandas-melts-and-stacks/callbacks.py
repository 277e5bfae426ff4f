"""Afterwards, the history is looked at as a table, and the best weights are loaded."""
import numpy as np
import pandas as pd


def scheduler(epoch, lr):
    factor = pd.Series({"before": 1.0, "after": np.exp(-0.01)})
    return float(lr * factor["before" if epoch < 10 else "after"])


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    table = pd.DataFrame(history.history, index=pd.RangeIndex(1, epochs + 1))
    best = table["val_loss"].idxmin()
    print(f"Best epoch: {best}", table.loc[best], sep="\n")
    model.load_weights(checkpoint_path)
    return history
