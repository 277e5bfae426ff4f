"""EarlyStopping with a patience of twenty epochs ends the run too early.

Breaks: epochs
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    stop = keras.callbacks.EarlyStopping("val_loss", patience=20)
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback(), stop],
    )
    model.load_weights(checkpoint_path)
    return history
