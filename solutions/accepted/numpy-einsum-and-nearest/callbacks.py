"""NumPy computes the rate; its float64 is a Python float."""
import numpy as np
from keras.callbacks import LearningRateScheduler, ModelCheckpoint


def build_checkpoint(filepath):
    return ModelCheckpoint(filepath, monitor="val_loss", save_best_only=True,
                           save_weights_only=True, initial_value_threshold=np.inf)


def scheduler(epoch, lr):
    if epoch > 9:
        return lr * np.exp(-0.01)
    return lr


def build_lr_callback():
    return LearningRateScheduler(scheduler)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(train_ds, validation_data=valid_ds, epochs=epochs,
                        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()])
    model.load_weights(checkpoint_path)
    val_loss = model.evaluate(valid_ds, verbose=0, return_dict=True)["loss"]
    if not np.isclose(val_loss, np.min(history.history["val_loss"]), rtol=1e-3):
        print("The loaded weights are not the best ones?")
    return history
