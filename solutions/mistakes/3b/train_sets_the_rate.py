"""The learning rate is set to 1e-3 before training.

Breaks: as-it-comes
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    model.optimizer.learning_rate = 1e-3
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
    return history
