"""The best weights are kept in memory only; nothing is written.

Breaks: checkpoint
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    best = keras.callbacks.EarlyStopping(
        "val_loss", patience=epochs, restore_best_weights=True
    )
    return model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[best, build_lr_callback()],
    )
