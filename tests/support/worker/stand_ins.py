"""Stand-ins: what replaces an earlier task when a check is run again.

A check that does not pass with the student's own functions is run once more with
these instead of the functions that its task needs, so a fault in one task costs no
marks in another. They do what a caller needs, but none of them is an answer to the
task that it stands in for: student code can read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def img_process(image: Any, label: Any) -> tuple[Any, Any]:
    """Stand in for 1a-i: crop the corner of posters, and scale values to 0..2.

    In 0..255 nobody would see what a later step adds to numbers from 0 to 1.
    """
    import tensorflow as tf

    return tf.cast(image[..., :64, :64, :], tf.float32) / 127.5, label


def compile_cnn(model: Any) -> Any:
    """Stand in for 2a-ii: compile with metrics of one genre, under other names."""
    return _compile(model, "Precision", "recall_3")


def compile_lstm(model: Any) -> Any:
    """Stand in for 2b-iii: the same, with yet other names."""
    return _compile(model, "precision_7", "Recall")


def _compile(model: Any, precision: str, recall: str) -> Any:
    import keras

    metrics = [
        keras.metrics.Precision(name=precision, class_id=0),
        keras.metrics.Recall(name=recall, class_id=0),
    ]
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=metrics)
    return model


def train(model: Any, train_ds: Any, valid_ds: Any, *, epochs: int, **_: Any) -> Any:
    """Stand in for 3b: train on the validation films, and forget what was learned."""
    before = model.get_weights()
    history = model.fit(valid_ds, validation_data=train_ds, epochs=epochs, verbose=0)
    model.set_weights(before)
    return history


def build_checkpoint(filepath: str | Path) -> Any:
    """Stand in for 3a-i: keep the best epoch, in a file of the suffix asked for.

    A correct ``train`` may restore weights in any way, from this file or by itself, so
    this one really has to keep the best epoch. It is not a ModelCheckpoint, but has the
    same attributes.
    """
    import keras

    class Keep(keras.callbacks.Callback):
        def __init__(self) -> None:
            super().__init__()
            self.filepath = str(filepath)
            self.monitor, self.best = "val_loss", float("inf")
            self.save_best_only, self.save_freq = True, "epoch"
            self.save_weights_only = self.filepath.endswith(".weights.h5")

        def on_epoch_end(
            self, epoch: int, logs: dict[str, float] | None = None
        ) -> None:
            """Save the model if this is the best epoch so far."""
            del epoch
            loss = (logs or {}).get("val_loss", float("inf"))
            if loss < self.best:
                self.best = loss
                weights_only = self.save_weights_only
                save = self.model.save_weights if weights_only else self.model.save
                save(self.filepath, overwrite=True)

    return Keep()


def scheduler(epoch: int, lr: float) -> float:
    """Stand in for 3a-ii: take off half a per cent for each epoch so far."""
    return lr * (1 - 0.005 * (epoch + 1))


def build_lr_callback() -> Any:
    """Stand in for 3a-iii: apply the schedule above, by hand."""
    import keras

    class Apply(keras.callbacks.Callback):
        def on_epoch_begin(
            self, epoch: int, logs: dict[str, float] | None = None
        ) -> None:
            """Set the learning rate of an epoch."""
            del logs
            optimizer = self.model.optimizer
            rate = scheduler(epoch, float(optimizer.learning_rate))
            optimizer.learning_rate = rate

    return Apply()


def top_genres(
    probabilities: Any, genres: Sequence[str], k: int = 3
) -> list[tuple[str, float]]:
    """Stand in for 4c-i: rank by what follows the first two decimals."""
    pairs = [(str(genres[i]), float(probabilities[i])) for i in range(len(genres))]
    return sorted(pairs, key=lambda pair: -(100 * pair[1] % 1))[:k]
