"""The checkpoint gets a path of its own, not checkpoint_path.

Breaks: checkpoint
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    import tempfile

    path = tempfile.mkdtemp() + "/best.weights.h5"
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(path), build_lr_callback()],
    )
    model.load_weights(path)
    return history
