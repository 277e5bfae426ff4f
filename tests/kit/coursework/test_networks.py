"""Networks: recomputing what layers compute; and descriptions that lie."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
from keras import layers

from kit.stage.seeing import see
from reelmark.checks import Mismatch, Model
from support.networks import ROW, expect_real

POSTERS = np.resize(ROW, (1, 12, 10, 3))
WORDS = ["dog", "house", "rain"]
OVERVIEWS, ENCODED = ["dog rain", "house house"], np.array([[2, 4], [3, 3]])


def pictures(*stack: Any) -> keras.Model:
    """Return a network of posters with these layers."""
    inputs = x = keras.Input(POSTERS.shape[1:])
    for layer in stack:
        x = layer(x)
    return keras.Model(inputs, x)


def texts(*stack: Any) -> keras.Model:
    """Return a network of overviews with these layers, not built yet."""
    encoder = layers.TextVectorization(vocabulary=WORDS)
    return keras.Sequential([encoder, layers.Embedding(7, 6, mask_zero=True), *stack])


def answers_of(model: Model, *, is_text: bool = False) -> Any:
    """Expect a network to be real; return its answers as a whole, if it gives any."""
    if is_text:
        return expect_real(model, OVERVIEWS, ENCODED)
    return expect_real(model, POSTERS, POSTERS)


def lstm(units: int, **settings: Any) -> layers.Layer:
    """Return an LSTM with both of the brief's dropouts."""
    return layers.LSTM(units, dropout=0.5, recurrent_dropout=0.2, **settings)


class Doubled(layers.Dense):
    """A layer that derives from Dense, and is one."""


@pytest.mark.parametrize(
    "stack",
    [
        [layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")],
        [layers.Conv2D(4, (2, 3), strides=(1, 2))],
        [layers.Conv2D(4, 3, padding="same", dilation_rate=2, use_bias=False)],
        [layers.MaxPooling2D(2)],
        [layers.MaxPooling2D((3, 2), strides=2, padding="same")],
        [layers.Flatten(), Doubled(5, "tanh"), layers.Dropout(0.5), layers.Dense(3)],
        [layers.Flatten(), layers.Dense(4, "softmax")],
    ],
    ids=["same", "valid", "holes", "pool", "odd-pool", "dense", "softmax"],
)
def test_pictures_are_computed_as_keras_does(stack: list[Any]) -> None:
    """Whatever a layer's settings are, numpy gives the same outputs as Keras."""
    assert answers_of(see(pictures(*stack))) is not None


@pytest.mark.parametrize(
    "stack",
    [
        [layers.Bidirectional(lstm(5, return_sequences=True)), layers.Dense(3)],
        [layers.Bidirectional(lstm(4), merge_mode="sum"), layers.Dense(3, "sigmoid")],
        [layers.Bidirectional(lstm(4, activation="sigmoid"), merge_mode="ave")],
    ],
    ids=["sequences", "sum", "activation"],
)
def test_texts_are_computed_as_keras_does(stack: list[Any]) -> None:
    """Networks that are built by their first call are computed, too."""
    assert answers_of(see(texts(*stack)), is_text=True) is not None


def test_weights_are_as_before() -> None:
    """A network keeps its own weights."""
    model = pictures(layers.Flatten(), layers.Dense(3))
    before = model.get_weights()
    answers_of(see(model))
    assert all(map(np.array_equal, model.get_weights(), before))


def absolute(x: Any) -> Any:
    """Be another function than its name says, below."""
    return keras.ops.abs(x)


absolute.__name__ = "relu"


@pytest.mark.parametrize(
    "stack",
    [
        [layers.Conv2D(4, 3, activation=absolute)],
        [layers.Conv2D(4, 3), layers.BatchNormalization(), layers.GlobalMaxPooling2D()],
        [layers.Flatten(), layers.Dense(3, keras.activations.gelu)],
    ],
    ids=["named-relu", "other-kinds", "gelu"],
)
def test_what_is_no_lie_is_left_to_other_checks(stack: list[Any]) -> None:
    """Custom activations, and layers of other kinds, are not called lies."""
    assert answers_of(see(pictures(*stack))) is None


def test_network_that_cannot_be_called_is_no_lie() -> None:
    """Another check says why a network cannot be called."""
    model = texts(layers.Bidirectional(lstm(4)), layers.Bidirectional(lstm(4)))
    assert answers_of(see(model), is_text=True) is None


def change(**settings: Any) -> Callable[[Model], None]:
    """Return what makes the first layer with weights claim other settings."""

    def lie(model: Model) -> None:
        layer = next(layer for layer in model.layers if layer.weight_shapes)
        layer.config = {**layer.config, **settings}

    return lie


@pytest.mark.parametrize(
    "lie",
    [
        change(filters=8),
        change(strides=[2, 2]),
        change(padding="same"),
        change(kernel_size=[5, 5]),
    ],
    ids=["filters", "strides", "padding", "kernel"],
)
def test_layer_that_lies_about_itself_is_named(lie: Callable[[Model], None]) -> None:
    """A layer whose settings are not what it claims has other outputs."""
    model = see(pictures(layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(2)))
    lie(model)
    with pytest.raises(Mismatch, match="does not compute what a Conv2D"):
        answers_of(model)


class Empty(keras.Sequential):
    """A model that has all the right layers, but does not use them."""

    def call(self, inputs: Any, *_: Any, **__: Any) -> Any:
        """Answer one thing whatever it is asked."""
        return keras.ops.zeros((len(inputs), 2))


def test_model_that_does_not_use_its_layers_is_found_out() -> None:
    """Correct layers alone do not make a network."""
    model = Empty([keras.Input((12, 10, 3)), layers.Flatten(), layers.Dense(2)])
    with pytest.raises(Mismatch, match="one after the other"):
        answers_of(see(model))


def test_settings_of_any_size_cost_nothing() -> None:
    """A network that claims to be huge is not computed."""
    model = see(pictures(layers.Flatten(), layers.Dense(2)))
    model.layers[-1].config["units"] = 10**6
    assert answers_of(model) is None
