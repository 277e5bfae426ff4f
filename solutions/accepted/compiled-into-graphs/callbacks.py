"""Lets TensorFlow compute the rate, and float() makes it a Python float."""
import keras
import tensorflow as tf


def build_checkpoint(filepath):
    return keras.callbacks.ModelCheckpoint(
        filepath=tf.io.gfile.join(str(filepath)),
        monitor="val_loss",
        mode="min",
        save_best_only=True,
        save_weights_only=True,
        save_freq="epoch",
    )


def scheduler(epoch, lr):
    if epoch < 10:
        return float(lr)
    return float(lr * tf.math.exp(-0.01))


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    callbacks = keras.callbacks.CallbackList(
        [build_checkpoint(checkpoint_path), build_lr_callback()],
        add_history=True,
        model=model,
        epochs=epochs,
    )
    history = model.fit(train_ds, validation_data=valid_ds, epochs=epochs, callbacks=callbacks.callbacks, verbose=0)
    model.load_weights(checkpoint_path)
    return history
