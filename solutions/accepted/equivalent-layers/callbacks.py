"""Lets EarlyStopping bring the best weights back, and never stop."""

import keras


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    best = keras.callbacks.EarlyStopping(
        "val_loss", patience=epochs, restore_best_weights=True
    )
    return model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        verbose=2,
        callbacks=[best, build_lr_callback(), build_checkpoint(checkpoint_path)],
    )
