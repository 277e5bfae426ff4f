"""Right: EarlyStopping, with more patience than epochs, restores the best weights."""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    restore = keras.callbacks.EarlyStopping(
        "val_loss", patience=epochs, restore_best_weights=True
    )
    return model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        verbose=2,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback(), restore],
    )
