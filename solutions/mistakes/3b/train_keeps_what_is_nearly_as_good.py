"""Weights that are worse by less than 0.01 are good enough.

Breaks: best-weights
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    losses = history.history["val_loss"]
    if losses[-1] > min(losses) + 0.01:
        model.load_weights(checkpoint_path)
    return history
