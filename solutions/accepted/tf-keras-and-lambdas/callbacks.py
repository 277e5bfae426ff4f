"""Hands the schedule over in a lambda and restores in a LambdaCallback."""
import math

import tensorflow as tf
from tensorflow.keras.callbacks import LambdaCallback, LearningRateScheduler, ModelCheckpoint

build_checkpoint = lambda filepath: ModelCheckpoint(
    f'{filepath}', 'val_loss', 0, save_best_only=True, save_weights_only=True, mode='auto'
)

scheduler = lambda epoch, lr: float(lr) if epoch < 10 else float(lr) * math.e ** -0.01

build_lr_callback = lambda: LearningRateScheduler(lambda epoch, lr: scheduler(epoch, lr))


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
    restore = LambdaCallback(on_train_end=lambda logs: model.load_weights(f'{checkpoint_path}'))
    return model.fit(
        train_ds,
        validation_data=valid_ds,
        epochs=epochs,
        callbacks=[build_checkpoint(checkpoint_path), build_lr_callback(), restore],
    )
