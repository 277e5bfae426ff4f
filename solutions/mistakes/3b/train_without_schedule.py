"""The learning-rate callback is not passed to fit().

Breaks: schedule
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path)],
    )
    model.load_weights(checkpoint_path)
    return history
