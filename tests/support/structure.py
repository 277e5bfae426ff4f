"""A student's model beside a table of the brief: kinds, order, names, settings.

Each function expects one fact, so that one mistake costs the marks of one fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from typing import Any

import numpy as np
from reelmark import expect
from reelmark.observations import Layer, Model

from support.architecture import TABLE_ADVICE, Row


def every_layer(model: Model) -> list[Layer]:
    """Return a model's layers from the input on, the one Keras hides included.

    ``Sequential`` leaves its input out of ``layers``.
    """
    hidden = "Sequential" in model.bases and model.layers and model.layers[0].inbound
    if not hidden:
        return model.layers
    first = model.layers[0]
    entrance = replace(
        first, class_name="InputLayer", name=first.inbound[0], config={}, inbound=()
    )
    return [entrance, *model.layers]


def kind_of(layer: Layer) -> str:
    """Return a layer's class, with that of the layer inside ``Bidirectional``."""
    inside = _inner(layer, "layer").get("class_name")
    named = isinstance(inside, str)
    return f"{layer.class_name} {inside}" if named else layer.class_name


def of_kind(model: Model, kind: str) -> list[Layer]:
    """Return the layers of one kind, in order."""
    return [layer for layer in every_layer(model) if kind_of(layer) == kind]


def expect_order(layers: Sequence[Layer], table: Sequence[Row]) -> None:
    """Expect the kinds of layers of the table, in its order, and no others."""
    for place, (row, layer) in enumerate(zip_longest(table, layers), start=1):
        wanted = f"{row.kind} ({row.name})" if row else "the end"
        got = f'{kind_of(layer)} ("{layer.name}")' if layer else "the end"
        expect.that(
            bool(row and layer and kind_of(layer) == row.kind),
            f"layer {place} is not the one of the table.",
            expected=wanted,
            got=got,
            advice="Print model.summary(): a layer whose output nothing uses is not "
            "part of the model.",
        )


def expect_one_path(layers: Sequence[Layer]) -> None:
    """Expect every layer to take the output of the layer before it."""
    for before, layer in pairwise(layers):
        expect.that(
            set(layer.inbound) == {before.name},
            f'"{layer.name}" is not applied to the layer before it.',
            expected=before.name,
            got=", ".join(layer.inbound) or "nothing",
            advice="Look at the argument in the second pair of brackets.",
        )


def expect_names(layers: Sequence[Layer], table: Sequence[Row]) -> None:
    """Expect a layer for every name of the table, in its order."""
    names = [layer.name for layer in layers]
    for place, row in enumerate(table):
        expect.that(
            row.name in names,
            f"no layer is called {row.name}.",
            expected=f'"{row.name}" as layer {place + 1}',
            got=f'"{names[place]}"' if place < len(names) else f"{len(names)} layers",
            advice="Every layer takes an argument for its name; capitals count.",
        )
    wanted = [row.name for row in table]
    found = [name for name in names if name in wanted]
    expect.equal(
        ", ".join(found), ", ".join(wanted), "the order of the layers' names"
    )


def expect_settings(model: Model, table: Sequence[Row], kind: str, *keys: str) -> None:
    """Expect layers of one kind to have the settings of the table.

    Args:
        model: The student's model.
        table: The table of the brief.
        kind: Which layers to look at.
        keys: Which settings; all that the table has if there are none.
    """
    rows = [row for row in table if row.kind == kind]
    layers = of_kind(model, kind)
    expect.that(
        len(layers) == len(rows),
        f"has the wrong number of {kind} layers.",
        expected=f"{len(rows)}: " + ", ".join(row.name for row in rows),
        got=f"{len(layers)}: " + ", ".join(layer.name for layer in layers),
        advice=TABLE_ADVICE,
    )
    for row, layer in zip(rows, layers, strict=True):
        _expect_row(row, layer, keys or tuple(row.settings))


def _expect_row(row: Row, layer: Layer, keys: Sequence[str]) -> None:
    wanted = {key: _word(row.settings[key]) for key in keys if key in row.settings}
    got = {key: setting(layer, key) for key in wanted}
    wrong = [key for key in wanted if got[key] != wanted[key]]
    expect.that(
        not wrong,
        f"{row.name} is not as in the table: look at {', '.join(wrong)}.",
        expected=_list(wanted),
        got=_list(got),
        why=next((WHY[key, got[key]] for key in wrong if (key, got[key]) in WHY), ""),
        advice=TABLE_ADVICE,
    )


# What a wrong setting does, where the setting alone proves it.
WHY = {
    ("padding", "valid"): "Without padding a 3 x 3 kernel fits fewer times into the "
    "picture: every such layer loses a border of it.",
    ("return_sequences", "False"): "The second LSTM reads a sequence, one vector a "
    "word. The first one hands on its last vector only.",
    ("return_sequences", "True"): "The layers after the second LSTM want one vector a "
    "film. A sequence gives one a word.",
}


def expect_activations(layers: Sequence[Layer], name: str) -> None:
    """Expect all of these layers, and at least one, to have an activation."""
    expect.that(bool(layers), f"has no layer that needs a {name}.", advice=TABLE_ADVICE)
    for layer in layers:
        got = activation_of(layer)
        expect.that(
            got == name,
            f'"{layer.name}" has the wrong activation.',
            expected=name,
            got=got,
            why=_WRONG_ACTIVATIONS.get((name, got), ""),
            advice="Look at the column of activations in the table of the brief.",
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

    A string, a function, a layer and a lambda are told by the same numbers.
    """
    if "activation" not in layer.config:
        return "none"
    grid = np.array([[-9.0, -1.5, -0.25, 0.0, 0.25, 1.5, 9.0]], np.float32)
    values = expect.numbers(layer.activate(grid), f'the activation of "{layer.name}"')
    for name, oracle in _ACTIVATIONS.items():
        # float32 keeps seven digits; the oracle's numbers are below ten.
        if values.shape == grid.shape and np.allclose(values, oracle(grid), atol=1e-5):
            return name
    return _word(layer.config["activation"])


def _softmax(x: Any) -> Any:
    return np.exp(x) / np.exp(x).sum()


_ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.where(x > 0, x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": _softmax,
}


def expect_width(model: Model, n_genres: int) -> None:
    """Expect the last layer to have one output a genre."""
    last = every_layer(model)[-1:]
    got = setting(last[0], "units") if last else "no layers"
    expect.that(
        got == str(n_genres),
        "the last layer has the wrong number of outputs.",
        expected=f"{n_genres} (n_genres)",
        got=got,
        advice="The number of genres is an argument of the function.",
    )


def expect_probabilities(values: Any, films: int, n_genres: int) -> Any:
    """Expect a probability for every film and genre; return them.

    Raises:
        Mismatch: They are something else, or of another shape, or not in [0, 1].
    """
    numbers = expect.numbers(values, "what the model answers")
    expect.equal(numbers.shape, (films, n_genres), "the shape of the model's output")
    expect.that(
        bool(np.all((numbers >= 0) & (numbers <= 1))),
        "what the model answers are no probabilities.",
        expected="numbers from 0 to 1",
        got=f"{numbers.min():.3g} to {numbers.max():.3g}",
        advice="Which activation does the last layer need?",
    )
    return numbers


def expect_independent(values: Any) -> None:
    """Expect probabilities that do not compete for a sum of 1."""
    sums = values.sum(axis=-1)
    # float32: a softmax sums to 1 within 1e-6. Sigmoids of an untrained network
    # are near 0.5 each and sum to about half the number of genres.
    expect.that(
        bool(np.all(np.abs(sums - 1) > 1e-3)),
        "the probabilities of a film add up to 1.",
        expected="a probability of its own for every genre",
        got=f"sums of {sums[0]:.4f}",
        why=_WRONG_ACTIVATIONS["sigmoid", "softmax"],
        advice="Which activation does the last layer need?",
    )


def expect_parameters(model: Model, expected: int, *, why: str = "") -> None:
    """Expect a number of parameters, once everything else agrees with the table."""
    expect.that(
        model.count_params == expected,
        "has another number of parameters than the brief says.",
        expected=f"{expected:,}",
        got="not built" if model.count_params is None else f"{model.count_params:,}",
        why=why,
        advice="The settings checked before agree. Leave those that the brief does not "
        "mention as Keras has them.",
    )


def setting(layer: Layer, key: str) -> str:
    """Return a layer's setting in words; both, if the directions differ in it."""
    inner = [_inner(layer, name).get("config") for name in ("layer", "backward_layer")]
    configs = [c for c in inner if isinstance(c, dict)] or [layer.config]
    words = dict.fromkeys(_word(config.get(key)) for config in configs)
    return " and ".join(words)


def _inner(layer: Layer, name: str) -> dict[str, Any]:
    inner = layer.config.get(name)
    return inner if isinstance(inner, dict) else {}


def _list(settings: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in settings.items())


def _word(value: Any) -> str:
    """Return a setting in words, so that 3 x 3 is the same however it was given.

    Words are compared rather than values: a worker may send anything as one.
    """
    if type(value) is float:
        return f"{value:.6g}"
    if isinstance(value, tuple | list):
        return " x ".join(map(_word, value))
    if type(value) is str:
        return value.lower()
    return str(value) if type(value) in (int, bool) else expect.describe(value)
