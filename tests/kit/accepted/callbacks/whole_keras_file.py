"""Right: the whole model is saved, in a .keras file and in no other."""


def build_checkpoint(filepath):
    if not str(filepath).endswith(".keras"):
        raise ValueError("The whole model goes to a .keras file.")
    return keras.callbacks.ModelCheckpoint(
        filepath, monitor="val_loss", mode="min", save_best_only=True, verbose=1
    )


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    best = keras.models.load_model(checkpoint_path)
    model.set_weights(best.get_weights())
    return history
