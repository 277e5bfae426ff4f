"""The model is compiled again, with another optimizer and loss.

Breaks: as-it-comes
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    model.compile(keras.optimizers.Adam(1e-4), "binary_crossentropy")
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
    return history
