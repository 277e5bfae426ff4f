"""An epoch is ten batches at most; the films of later batches are never trained on.

Breaks: all-films
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds.take(10),
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
    return history
