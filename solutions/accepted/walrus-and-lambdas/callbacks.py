"""Lambdas, and a dict unpacked into fit(); the best weights are kept in a variable."""
from math import exp

from tensorflow.keras.callbacks import LambdaCallback, LearningRateScheduler, ModelCheckpoint

build_checkpoint = lambda filepath: ModelCheckpoint(filepath, save_best_only=True, save_weights_only=True)
scheduler = lambda epoch, lr: lr * (1. if epoch < 10 else exp(-.01))
build_lr_callback = lambda: LearningRateScheduler(scheduler)


def train(model, train_ds, valid_ds, epochs, checkpoint_path):
	best = {"loss": float("inf")}

	def remember(epoch, logs):
		if (loss := logs["val_loss"]) < best["loss"]: best.update(loss=loss, weights=model.get_weights())

	history = model.fit(train_ds, **dict(validation_data=valid_ds, epochs=epochs, callbacks=[
		build_checkpoint(checkpoint_path), build_lr_callback(), LambdaCallback(on_epoch_end=remember)]))
	model.set_weights(best["weights"]); return history
