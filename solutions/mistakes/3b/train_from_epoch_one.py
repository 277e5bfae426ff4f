"""Epochs are counted from 1 (initial_epoch=1).

Breaks: schedule
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        initial_epoch=1,
        epochs=epochs + 1,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
    return history
