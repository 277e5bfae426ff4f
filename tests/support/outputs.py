"""The answers of a student's model: activations, widths, probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reelmark.checks import (
    Layer,
    Mismatch,
    Model,
    StudentError,
    Submission,
    expect,
)
from support.networks import ACTIVATIONS
from support.structure import TABLE, every_layer, kind_of, setting, word


def expect_inner_relu(model: Model) -> None:
    """Expect a ReLU on every convolution and Dense layer but the last layer."""
    inner = every_layer(model)[:-1]
    layers = [layer for layer in inner if kind_of(layer) in ("Conv2D", "Dense")]
    expect.that(
        bool(layers),
        "the model has no layer that needs a ReLU.",
        expected="convolutions or Dense layers before the output",
        got="none",
        advice=TABLE,
    )
    others = [(layer, activation_of(layer)) for layer in layers]
    wrong = [(layer, got) for layer, got in others if got != "relu"]
    if len(wrong) > 1:
        _tell_many(wrong, len(layers))
    for layer, _ in wrong:
        _expect_activation(layer, "relu")


def _tell_many(wrong: list[tuple[Layer, str]], count: int) -> None:
    """Say that none of several layers has a ReLU.

    Raises:
        Mismatch: Always.
    """
    names = [layer.name for layer, _ in wrong]
    found = sorted({got for _, got in wrong})
    expect.that(
        False,
        f"{len(wrong)} of {count} layers have the wrong activation.",
        expected=f"relu in {', '.join(names)}",
        got=", ".join(found),
        why=_WRONG_ACTIVATIONS.get(("relu", found[0]), "") * (len(found) == 1),
        advice="Look at the activations in the table of the brief.",
    )


def expect_sigmoid(model: Model) -> None:
    """Expect a sigmoid on the last layer."""
    last = every_layer(model)[-1:]
    expect.that(
        bool(last),
        "the model has no layers.",
        expected="a last layer with a sigmoid",
        got="no layers",
        advice=TABLE,
    )
    _expect_activation(last[0], "sigmoid")


def _expect_activation(layer: Layer, name: str) -> None:
    got = activation_of(layer)
    expect.that(
        got == name,
        f'"{layer.name}" has the wrong activation.',
        expected=name,
        got=got,
        why=_WRONG_ACTIVATIONS.get((name, got), ""),
        advice="Look at the activations in the table of the brief.",
    )


_WRONG_ACTIVATIONS = {
    ("sigmoid", "softmax"): "A softmax shares out one unit among all genres, as if a "
    "film had exactly one. Genres are independent questions here.",
    ("sigmoid", "linear"): "Without an activation the outputs are any numbers, not "
    "probabilities.",
    ("relu", "linear"): "Without an activation, layers one after the other can do no "
    "more than a single one.",
}


def activation_of(layer: Layer) -> str:
    """Return Keras's name for what a layer's activation does, or its own name.

    A string, a function, a layer and a lambda are recognised by the same numbers; a
    function with Keras's name that does something else has other numbers.
    """
    if "activation" not in layer.config:
        return "none"
    values = expect.numbers(
        layer.activate(np.float32(_GRID)), f'the activation of "{layer.name}"'
    )
    for name, oracle in ACTIVATIONS.items():
        # float32 keeps seven digits.
        if values.shape == _GRID.shape and np.allclose(
            values, oracle(_GRID), rtol=1e-5, atol=1e-5
        ):
            return name
    told = layer.config["activation"]
    name = word(told) if isinstance(told, str) else "a function of its own"
    return f"another function called {name}" if name in ACTIVATIONS else name


_POSITIVE = [0.001, 0.01, 0.05, 0.25, 1.5, 4.0, 9.0, 30.0, 100.0]
_GRID = np.array([[*(-value for value in _POSITIVE), 0.0, *_POSITIVE]])
"""Where activations are compared: near 0, where they bend, and far away from it."""


def expect_width(model: Model, n_genres: int) -> None:
    """Expect the last layer to have one output per genre."""
    last = every_layer(model)[-1:]
    got = setting(last[0], "units") if last else "no layers"
    expect.that(
        got == str(n_genres),
        "the last layer has the wrong number of outputs.",
        expected=f"{n_genres} (n_genres)",
        got=got,
        advice="The number of genres is an argument of the function.",
    )


def predict(
    model: Model,
    inputs: Any,
    what: str,
    why: Callable[[Model], tuple[str, str]] = lambda _: ("", ""),
) -> Any:
    """Return the model's answers.

    Args:
        model: The model.
        inputs: Its inputs.
        what: The inputs in words.
        why: Says why a model cannot be called, and what to do, if that is clear.

    Raises:
        Mismatch: The model cannot be called on these inputs.
    """
    try:
        return model.predict(inputs)
    except StudentError as error:
        cause, advice = why(model)
        raise Mismatch(
            f"the model cannot be called on {what}.",
            expected="a probability for every genre",
            got=error.in_short,
            why=cause,
            advice=advice or "Call it yourself on a batch of two films.",
        ) from None


def expect_apart(submission: Submission, model: Model, other: Model) -> None:
    """Expect two calls of a function to build two models that share nothing."""
    expect.that(
        submission.ingredients.share_parts(model, other) is False,
        "two calls do not build two networks of their own.",
        expected="new layers, with weights of their own, at every call",
        got="layers or weights that both networks share",
        why="Whoever trains one of them changes the other.",
        advice="Which layers are made when the function is called, and which before?",
    )


def expect_probabilities(values: Any, films: int, n_genres: int) -> Any:
    """Expect a probability for every film and genre; return them.

    Raises:
        Mismatch: They are something else, have another shape, or are not in [0, 1].
    """
    numbers = expect.numbers(values, "what the model answers")
    expect.equal(
        numbers.shape,
        (films, n_genres),
        "the shape of the model's output",
        advice="Every film has a row of its own, and every genre a column.",
    )
    expect.that(
        bool(np.all((numbers >= 0) & (numbers <= 1))),
        "what the model answers are no probabilities.",
        expected="numbers from 0 to 1",
        got=f"{numbers.min():.3g} to {numbers.max():.3g}",
        advice="Which activation does the last layer need?",
    )
    return numbers


def expect_independent(values: Any, films: int) -> None:
    """Expect probabilities of genres that do not compete for a sum of 1."""
    # Another check looks at the number of genres.
    shape = np.shape(expect.numbers(values, "what the model answers"))
    width = shape[-1] if shape else 0
    expect.that(
        width > 2,
        "the model gives too few numbers a film.",
        expected="one for every genre",
        got=width,
        advice="The number of genres is an argument of the function.",
    )
    # A softmax sums to 1 within 1e-6 in float32. Sigmoids of an untrained network
    # are near 0.5 each and sum to about half the number of genres.
    sums = expect_probabilities(values, films, width).sum(axis=-1)
    expect.that(
        bool(np.all(np.abs(sums - 1) > 1e-3)),
        "the probabilities of a film add up to 1.",
        expected="a probability of its own for every genre",
        got=f"sums of {sums[0]:.4f}",
        why=_WRONG_ACTIVATIONS["sigmoid", "softmax"],
        advice="Which activation does the last layer need?",
    )
