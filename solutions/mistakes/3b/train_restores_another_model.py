"""The best weights are in a new model; the given one keeps its last.

Breaks: best-weights
"""


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    best = keras.models.clone_model(model)
    best.load_weights(checkpoint_path)
    return history
