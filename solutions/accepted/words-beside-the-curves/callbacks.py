"""Looks up the rate in a dictionary of cases; loads the whole model it saved."""
import keras, math

FACTORS = {True: math.exp(-0.01), False: 1.0}


def build_checkpoint(filepath):
    if not str(filepath).endswith('.keras'):
        raise ValueError('I save whole models, so the file has to end in .keras')
    return keras.callbacks.ModelCheckpoint(filepath, monitor='val_loss', save_best_only=True, verbose=1)


def scheduler(epoch, lr):
    return lr * FACTORS[epoch >= 10]


def build_lr_callback(): return keras.callbacks.LearningRateScheduler(scheduler, 0)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    history = model.fit(train_ds, validation_data=valid_ds, epochs=epochs, verbose=2,
                        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()])
    model.set_weights(keras.saving.load_model(checkpoint_path, compile=False).get_weights())
    return history
