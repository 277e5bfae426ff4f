"""The best weights are brought back where the loss is below 1.5 only.

Breaks: best-weights
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    if min(history.history["val_loss"]) < 1.5:
        model.load_weights(checkpoint_path)
    return history
