"""The history is not returned.

Breaks: history
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
