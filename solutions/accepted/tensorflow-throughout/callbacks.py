"""TensorFlow computes the rate, and float() makes it a Python float."""
import tensorflow as tf


def build_checkpoint(filepath):
    return tf.keras.callbacks.ModelCheckpoint(
        filepath, 'val_loss', save_best_only=True, save_weights_only=True)


def scheduler(epoch, lr):
    decay = tf.where(epoch < 10, 1., tf.math.exp(-0.01))
    return float(lr * decay)


def build_lr_callback():
    return tf.keras.callbacks.LearningRateScheduler(scheduler)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(train_ds, epochs=epochs, validation_data=valid_ds,
                        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()])
    model.load_weights(checkpoint_path)
    return history
