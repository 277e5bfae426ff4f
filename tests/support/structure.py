"""A student's model compared with a table of the brief: kinds, order, names, settings.

Each function expects one fact, so that one mistake costs the marks of one fact.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest
from typing import Any

from reelmark.checks import Layer, Model, expect
from support.architecture import Row

_TELLING = {
    "activation": (
        *("linear", "relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu"),
        *("sigmoid", "hard_sigmoid", "tanh", "hard_tanh", "softmax", "softplus"),
        *("softsign", "exponential", "mish"),
    ),
    "initializer": ("zeros", "ones", "constant"),
    "bias": ("False",),
}
"""Settings of which a few words only are certainly wrong: Keras's other activations;
weights that begin alike, and so learn alike; a bias that is not there. A student's own
function may do what is asked for under any name, there are many good ways to draw
weights, and a layer of another class has no such setting."""

TABLE = "Print model.summary() and read it beside the table of the brief."


def every_layer(model: Model) -> list[Layer]:
    """Return a model's layers from the input on, including the one that Keras hides.

    ``Sequential`` leaves its input out of ``layers``. Layers of another class that
    compute the same count as those of the table.
    """
    layers = [as_in_table(layer) for layer in model.layers]
    hidden = "Sequential" in model.bases and layers and layers[0].inbound
    if not hidden:
        return layers
    first = layers[0]
    entrance = replace(
        first, class_name="InputLayer", name=first.inbound[0], config={}, inbound=()
    )
    return [entrance, *layers]


def as_in_table(layer: Layer) -> Layer:
    """Return a layer with the class of the table, if it computes the same.

    The brief names no class for most layers: ``Reshape`` to one axis is a
    ``Flatten``, ``RNN`` of one ``LSTMCell`` is an ``LSTM``.
    """
    if layer.class_name == "Reshape" and len(layer.output_shape or ()) == 2:
        return _told_as(layer, "Flatten", layer.config)
    if layer.class_name == "RNN" and (config := _lstm_of(layer.config)):
        return _told_as(layer, "LSTM", config)
    if layer.class_name == "Bidirectional":
        return _told_as(layer, layer.class_name, _directions_of(layer.config))
    return layer


def _told_as(layer: Layer, class_name: str, config: dict[str, Any]) -> Layer:
    twin = copy.copy(layer)  # unlike with replace(), the twin can be asked questions
    twin.class_name, twin.config = class_name, config
    return twin


def _directions_of(config: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of a wrapper, with RNNs of LSTM cells as LSTMs."""
    told = dict(config)
    for name in ("layer", "backward_layer"):
        inner = _part(config, name)
        if inner.get("class_name") == "RNN" and (lstm := _lstm_of(_part(inner))):
            told[name] = {**inner, "class_name": "LSTM", "config": lstm}
    return told


def _lstm_of(config: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration of an RNN of one LSTM cell as an LSTM's; else empty."""
    cell = _part(config, "cell")
    cells = _part(cell).get("cells")
    if cell.get("class_name") == "StackedRNNCells" and isinstance(cells, list):
        cell = cells[0] if len(cells) == 1 and isinstance(cells[0], dict) else {}
    if cell.get("class_name") != "LSTMCell":
        return {}
    return {**config, **_part(cell)}


def _part(config: dict[str, Any], name: str = "config") -> dict[str, Any]:
    part = config.get(name)
    return part if isinstance(part, dict) else {}


def kind_of(layer: Layer) -> str:
    """Return a layer's class, including that of the layer inside ``Bidirectional``."""
    inside = _part(layer.config, "layer").get("class_name")
    named = isinstance(inside, str)
    return f"{layer.class_name} {inside}" if named else layer.class_name


def of_kind(model: Model, kind: str) -> list[Layer]:
    """Return the layers of one kind, in order."""
    return [layer for layer in every_layer(model) if kind_of(layer) == kind]


def expect_functional(model: Model) -> None:
    """Expect a model of the Functional API, not a Sequential one or a custom class."""
    expect.that(
        "Functional" in model.bases,
        "the model is not made with the Functional API.",
        expected="Functional",
        got=model.class_name,
        advice="Call each layer on the output of the one before; keras.Model takes the "
        "two ends.",
    )


def expect_order(layers: Sequence[Layer], table: Sequence[Row]) -> None:
    """Expect layers of the kinds in the table, in its order, and no others."""
    kinds, wanted = [kind_of(layer) for layer in layers], [row.kind for row in table]
    pairs = enumerate(zip_longest(wanted, kinds))
    place = next((i for i, (kind, found) in pairs if kind != found), None)
    if place is None:
        return
    # Names do not matter here: a layer of the right kind is shown as in its table row.
    got = [
        _show(layer.name, kind_of(layer), table, i) for i, layer in enumerate(layers)
    ]
    expect.rows(
        got,
        [f"{row.kind} ({row.name})" for row in table],
        f"layer {place + 1} is not the one of the table.",
        advice=_UNUSED if len(layers) < len(table) else TABLE,
    )


def _show(name: str, kind: str, table: Sequence[Row], place: int) -> str:
    """Return a layer as its table row would be shown, if it has the same kind."""
    is_right = place < len(table) and table[place].kind == kind
    return f"{kind} ({table[place].name if is_right else name})"


_UNUSED = (
    "Is one missing, or made and its output not used? Then it is not part of the model."
)


def expect_one_path(layers: Sequence[Layer]) -> None:
    """Expect every layer to take the output of the layer before it."""
    for before, layer in pairwise(layers):
        expect.that(
            set(layer.inbound) == {before.name},
            f'"{layer.name}" is not applied to the layer before it.',
            expected=before.name,
            got=", ".join(layer.inbound) or "nothing",
            why="The layer is called more than once." * (len(layer.inbound) > 1),
            advice="Look at the argument in the second pair of brackets.",
        )


def expect_names(layers: Sequence[Layer], table: Sequence[Row]) -> None:
    """Expect a layer for every name in the table; those of one kind in its order."""
    names = [layer.name for layer in layers]
    for place, row in enumerate(table):
        expect.that(
            row.name in names,
            f"no layer is called {row.name}.",
            expected=f'"{row.name}" as layer {place + 1}',
            got=f'"{names[place]}"' if place < len(names) else f"{len(names)} layers",
            advice="Every layer takes an argument for its name; capitals count.",
        )
    for kind in dict.fromkeys(row.kind for row in table):
        wanted = [row.name for row in table if row.kind == kind]
        found = [name for name in names if name in wanted]
        expect.that(
            found == wanted,
            f"the names of the {kind} layers are in another order than in the table.",
            expected=", ".join(wanted),
            got=", ".join(found),
            advice="Give the names on the way from the input to the output.",
        )


def expect_settings(model: Model, table: Sequence[Row], kind: str) -> None:
    """Expect the layers of one kind to have the settings of the table."""
    rows = [row for row in table if row.kind == kind]
    expect_rows(rows, of_kind(model, kind))


LEAVE = "Leave the settings that the brief does not mention as Keras has them."
SETTINGS = "Compare the arguments of the layer with its row in the table of the brief."


def expect_rows(
    rows: Sequence[Row], layers: Sequence[Layer], *keys: str, advice: str = SETTINGS
) -> None:
    """Expect layers to have the settings of table rows, one for one.

    Args:
        rows: The rows, all of one kind.
        layers: The layers of that kind.
        keys: Which settings; if empty, all that the rows have.
        advice: Where to look if one differs.
    """
    expect.that(
        len(layers) == len(rows),
        f"the model has the wrong number of {rows[0].kind} layers.",
        expected=_count(rows),
        got=_count(layers),
        advice=TABLE,
    )
    for row, layer in zip(rows, layers, strict=True):
        _expect_row(row, layer, keys or tuple(row.settings), advice)


def _count(named: Sequence[Row | Layer]) -> str:
    names = ", ".join(one.name for one in named)
    return f"{len(named)}: {names}" if named else "none"


def _expect_row(row: Row, layer: Layer, keys: Sequence[str], advice: str) -> None:
    wanted = {key: word(row.settings[key]) for key in keys if key in row.settings}
    got = {key: setting(layer, key) for key in wanted}
    if not row.settings or next(iter(row.settings)) in keys:
        changed = _find_changed(row, layer)
        wanted |= {key: word(row.unsaid[key]) for key in changed}
        got |= changed
    wrong = [key for key in wanted if got[key] != wanted[key]]
    expect.that(
        not wrong,
        f"{row.name} is not as in the table: look at {', '.join(wrong)}.",
        expected=_list(wanted),
        got=_list(got),
        why=next((WHY[key, got[key]] for key in wrong if (key, got[key]) in WHY), ""),
        advice=LEAVE if set(wrong) <= set(row.unsaid) else advice,
    )


def _find_changed(row: Row, layer: Layer) -> dict[str, str]:
    """Return settings that the brief leaves at Keras's defaults, but that differ."""
    got = {key: setting(layer, key) for key in row.unsaid}
    return {
        key: value
        for key, value in got.items()
        if value != word(row.unsaid[key])
        and value in _TELLING.get(key.rpartition("_")[2], (value,))
    }


# What a wrong setting does, if the setting alone proves it.
WHY = {
    ("kernel_initializer", "zeros"): "Weights that begin alike are taught alike: all "
    "units would compute the same.",
    ("padding", "valid"): "Without padding a 3 x 3 kernel fits fewer times into the "
    "picture: every such layer loses a border of it.",
    ("return_sequences", "False"): "The second LSTM reads a sequence, one vector a "
    "word. The first one hands on its last vector only.",
    ("return_sequences", "True"): "The layers after the second LSTM want one vector a "
    "film. A sequence gives one a word.",
}


def expect_trainable(layers: Sequence[Layer]) -> None:
    """Expect layers to learn, as Keras's layers do unless they are told otherwise."""
    frozen = [layer.name for layer in layers if layer.config.get("trainable") is False]
    expect.that(
        not frozen,
        "weights are frozen: training would not change them.",
        expected="trainable True in every layer",
        got=f"trainable False: {', '.join(frozen)}",
        advice=LEAVE,
    )


def expect_parameters(
    model: Model, expected: int, *, formula: str = "", why: str = ""
) -> None:
    """Expect a number of parameters, once everything else agrees with the table."""
    expect.that(
        model.count_params == expected,
        "the model has another number of parameters than the brief says.",
        expected=f"{expected:,}{formula}",
        got="not built" if model.count_params is None else f"{model.count_params:,}",
        why=why,
        advice="The settings checked before agree. Leave those that the brief does not "
        "mention as Keras has them.",
    )


def setting(layer: Layer, key: str) -> str:
    """Return a layer's setting in words; both, if the directions differ."""
    inner = [_part(layer.config, name) for name in ("layer", "backward_layer")]
    configs = [_part(one) for one in inner if _part(one)] or [layer.config]
    words = dict.fromkeys(word(config.get(key)) for config in configs)
    return " and ".join(words)


def _list(settings: Mapping[str, str]) -> str:
    return ", ".join(f"{key} {value}" for key, value in settings.items())


def word(value: Any) -> str:
    """Return a setting in words, so 3 x 3 is the same however it was given.

    Words are compared rather than values: a worker may send anything as one.
    """
    if type(value) is float:
        return f"{value:.6g}"
    if isinstance(value, tuple | list):
        return " x ".join(map(word, value))
    if type(value) is str:
        return value.lower()
    if value is None:
        return "none"
    if isinstance(value, dict) and isinstance(value.get("class_name"), str):
        return word(value["class_name"])
    return str(value) if type(value) in (int, bool) else expect.describe(value)
