"""What a recipe is: how one model is prepared and trained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import tensorflow as tf
from dataset import Films


@dataclass(frozen=True)
class Prepared:
    """A compiled model, and what it is trained on and validated with."""

    model: keras.Model
    train_ds: tf.data.Dataset
    valid_ds: tf.data.Dataset


@dataclass(frozen=True)
class Recipe:
    """One way to train one model."""

    name: str
    """``"brief"`` or ``"extended"``."""
    model: str
    """``"cnn"`` or ``"lstm"``."""
    epochs: int
    prepare: Callable[[Films, Films, int], Prepared]
    """From training films, validation films and the number of epochs."""
    train: Callable[..., keras.callbacks.History]
    """``callbacks.train`` of the reference, or a function with its signature."""
