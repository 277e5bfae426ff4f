"""Right: the same callbacks, taken from tf.keras."""


def build_checkpoint(filepath):
    return tf.keras.callbacks.ModelCheckpoint(
        filepath=str(filepath),
        monitor="val_loss",
        save_best_only=True,
        save_weights_only=str(filepath).endswith(".h5"),
    )


def build_lr_callback():
    return tf.keras.callbacks.LearningRateScheduler(scheduler, verbose=1)
