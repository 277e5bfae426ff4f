"""Right: a loop of single epochs keeps one history and the same callbacks."""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = keras.callbacks.History()
    callbacks = [build_checkpoint(checkpoint_path), build_lr_callback(), history]
    for epoch in range(epochs):
        model.fit(
            train_ds,
            validation_data=valid_ds,
            initial_epoch=epoch,
            epochs=epoch + 1,
            callbacks=callbacks,
            verbose=0,
        )
    model.load_weights(checkpoint_path)
    return history
