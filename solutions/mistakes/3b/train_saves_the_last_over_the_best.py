"""After training the last weights are saved to the same file.

Breaks: checkpoint
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    last = model.get_weights()
    model.load_weights(checkpoint_path)
    best = model.get_weights()
    model.set_weights(last)
    model.save_weights(checkpoint_path)
    model.set_weights(best)
    return history
