"""Only whole batches of validation films are looked at; the last, smaller one is not.

Breaks: validates
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds.take(len(valid_ds) - 1),
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
    return history
