"""The callbacks are made once, and the first checkpoint's best loss goes on.

Breaks: checkpoint, best-weights
"""

_CALLBACKS = []


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    if not _CALLBACKS:
        _CALLBACKS.extend([build_checkpoint(checkpoint_path), build_lr_callback()])
    _CALLBACKS[0].filepath = str(checkpoint_path)
    history = model.fit(
        train_ds, validation_data=valid_ds, epochs=epochs, callbacks=_CALLBACKS
    )
    model.load_weights(checkpoint_path)
    return history
