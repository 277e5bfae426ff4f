"""Ten batches of the validation films are looked at; the films of later ones are not.

Breaks: validates
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        validation_steps=min(10, len(valid_ds)),
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
    return history
