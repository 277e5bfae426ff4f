"""Multiplies by a power whose exponent is a comparison."""
import keras
from math import exp


def build_checkpoint(filepath): return keras.callbacks.ModelCheckpoint(filepath, save_best_only=True, save_weights_only=True)


def scheduler(epoch, lr): return lr * exp(-0.01) ** (epoch > 9)


def train(model, train_ds, valid_ds, *, epochs, checkpoint_path):
	h = model.fit(train_ds, validation_data=valid_ds, epochs=epochs, callbacks=[build_checkpoint(checkpoint_path), build_lr_callback()])
	return model.load_weights(checkpoint_path) or h
