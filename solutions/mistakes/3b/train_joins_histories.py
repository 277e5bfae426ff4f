"""The history of the first run is added to that of the next.

Breaks: history
"""

_HISTORY = {}


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
    for name, values in history.history.items():
        _HISTORY.setdefault(name, []).extend(values)
    history.history = {name: list(values) for name, values in _HISTORY.items()}
    return history
