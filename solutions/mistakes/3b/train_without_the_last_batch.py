"""The last, smaller batch is left out of every epoch.

Breaks: all-films
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    steps = int(train_ds.cardinality()) - 1
    history = model.fit(
        train_ds.take(steps),
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
    return history
