"""The rate falls from the first epoch on, by a schedule written here.

Breaks: schedule
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    fall = keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * math.exp(-0.01))
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), fall],
    )
    model.load_weights(checkpoint_path)
    return history
