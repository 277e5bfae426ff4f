"""Right: the whole model is saved, whatever the file is called."""


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(filepath, save_best_only=True)
