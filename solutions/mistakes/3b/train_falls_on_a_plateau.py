"""ReduceLROnPlateau, with the patience it has by default, lowers the rate as well.

Breaks: schedule
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    falls = keras.callbacks.ReduceLROnPlateau()
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback(), falls],
    )
    model.load_weights(checkpoint_path)
    return history
