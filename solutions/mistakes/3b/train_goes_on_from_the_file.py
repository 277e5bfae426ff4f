"""Weights that an earlier run left at another path are loaded first.

Breaks: as-it-comes
"""

_PATHS = []


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    if _PATHS and Path(_PATHS[-1]).is_file():
        model.load_weights(_PATHS[-1])
    _PATHS.append(str(checkpoint_path))
    history = model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()],
    )
    model.load_weights(checkpoint_path)
    return history
