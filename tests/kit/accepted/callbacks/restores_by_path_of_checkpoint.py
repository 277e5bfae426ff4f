"""Right: the weights come back from the path that the callback knows."""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    checkpoint = build_checkpoint(str(checkpoint_path))
    callbacks = [build_lr_callback(), checkpoint]
    history = model.fit(
        train_ds.prefetch(1),
        epochs=epochs,
        validation_data=valid_ds.cache(),
        callbacks=callbacks,
        verbose=0,
    )
    if checkpoint.save_weights_only:
        model.load_weights(checkpoint.filepath)
    else:
        best = keras.models.load_model(checkpoint.filepath)
        model.set_weights(best.get_weights())
    return history
