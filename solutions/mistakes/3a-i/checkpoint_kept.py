"""The first checkpoint is kept, with its path, for every later run.

Breaks: new-callback
"""

_KEPT = []


def build_checkpoint(filepath):
    if not _KEPT:
        _KEPT.append(
            keras.callbacks.ModelCheckpoint(
                str(filepath),
                save_best_only=True,
                save_weights_only=str(filepath).endswith(".weights.h5"),
            )
        )
    _KEPT[0].filepath = str(filepath)
    return _KEPT[0]
