"""Right: the mode is left to Keras, which knows that a loss should be small."""


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        filepath, save_best_only=True, save_weights_only=True
    )
