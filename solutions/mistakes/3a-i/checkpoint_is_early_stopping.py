"""The wrong callback: EarlyStopping writes no file.

Breaks: path
"""


def build_checkpoint(filepath):
    return keras.callbacks.EarlyStopping("val_loss", restore_best_weights=True)
