"""A copy of the model is trained, and the given one stays as it was.

Breaks: as-it-comes
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    copy = keras.models.clone_model(model)
    copy.compile(
        optimizer=keras.optimizers.SGD(float(model.optimizer.learning_rate)),
        loss=model.loss,
    )
    copy.set_weights(model.get_weights())
    history = copy.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    copy.load_weights(checkpoint_path)
    return history
