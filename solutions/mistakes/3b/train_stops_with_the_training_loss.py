"""A run ends when the training loss has not fallen for three epochs.

Breaks: epochs
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    stop = keras.callbacks.EarlyStopping(monitor="loss", patience=3)
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback(), stop],
    )
    model.load_weights(checkpoint_path)
    return history
