"""What networks compute, repeated in numpy from what their layers say about themselves.

The description of a network can be made up. So each layer of a student's network gets
the kit's weights, and its outputs are compared with those of a layer with this kind
and these settings; the same is done for the network as a whole.

Shapes are those of numpy, with the batch first and channels last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from reelmark.checks import Layer, Model, StudentError, expect

Array = npt.NDArray[Any]
Config = Mapping[str, Any]

TOLERANCE = 0.05
"""Share of the largest output. Half precision has three digits, and a network of twenty
layers loses one of them; a layer with other settings is off by a lot more."""

MOST_WEIGHTS = 3_000_000
"""Of a layer: the largest of the brief's has 2 million."""

ROW = np.random.default_rng(20_240_501).uniform(-1, 1, 499).astype(np.float32)
"""How many numbers are repeated to fill weights; a prime, so no two rows of a kernel
are alike."""


def _softmax(x: Array) -> Array:
    powers: Array = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: Array = powers / np.sum(powers, axis=-1, keepdims=True)
    return shares


ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.where(x > 0, x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": _softmax,
    "tanh": np.tanh,
}
"""Keras's activations, by name."""


@dataclass(frozen=True)
class Known:
    """A layer of a kind that can be computed here.

    Attributes:
        shapes: Returns the shapes of its weights, given the width of its inputs.
        apply: Returns its output before the activation, given weights and inputs.
        example: Returns inputs to try it on, given their width.
        activation: The name that it gives its activation.
    """

    shapes: Callable[[int], list[tuple[int, ...]]]
    apply: Callable[[Sequence[Array], Array], Array]
    example: Callable[[int], Array]
    activation: str = "linear"


def expect_real(model: Model, inputs: Any, encoded: Array) -> Any:
    """Expect a model to compute what its layers say about themselves.

    It is tried as a whole if its layers have kinds from the brief and follow one
    another, else layer by layer; layers of other kinds are left out, because no check
    gives marks for them.

    Args:
        model: The model.
        inputs: Its inputs.
        encoded: The same as numbers, for a network that begins with an encoder.

    Returns:
        The model's answers with the kit's weights; None if it was tried layer by
            layer.
    """
    answers = _chain(model, inputs, encoded)
    if answers is not None and _is_near(*answers):
        return answers[0]
    # The call has built any layers that were not built; now all have a width.
    built = expect.kind(model.look_again(), Model, "a Keras model")
    layers = model.layers if model.weights else built.layers
    known = [(layer, read_layer(layer)) for layer in layers]
    are_named = [_expect_computed(layer, each) for layer, each in known if each]
    expect.that(
        answers is None or not all(are_named),
        "the network does not compute what its layers do one after the other.",
        expected="the output of each layer as the input of the next",
        got="other outputs, for the same weights",
        advice="Call the model, and its layers in turn, on the same inputs.",
    )
    return None


def _chain(model: Model, inputs: Any, encoded: Array) -> tuple[Any, Array] | None:
    """Return what a model computes, and what its layers compute one after another.

    Returns:
        None if they do not follow one another, or have other kinds, or the model
            cannot be called: other checks look at that.
    """
    layers = [layer for layer in model.layers if layer.class_name not in _ENTRANCES]
    known = [read_layer(layer) for layer in layers]
    if not layers or not all(known) or not _is_one_path(layers):
        return None
    weights, outputs = [], encoded
    try:
        for each in filter(None, known):
            own = _fill(_expect_small(each.shapes(outputs.shape[-1])))
            before = each.apply(own, outputs)
            outputs = ACTIVATIONS[each.activation](before)
            weights += own
        return model.compute([_row_of(weight) for weight in weights], inputs), outputs
    except (StudentError, KeyError, ValueError, IndexError):
        return None


_ENTRANCES = ("InputLayer", "TextVectorization")


def _is_one_path(layers: Sequence[Layer]) -> bool:
    # An embedding passes on its mask along with its vectors.
    return all(not b.inbound or a.name in b.inbound for a, b in pairwise(layers))


def _expect_computed(layer: Layer, known: Known) -> bool:
    """Expect a layer to compute what one of its kind and settings does.

    Returns:
        Whether its activation is the one that it names. If not, that is not a lie:
            another check looks at what it does.
    """
    try:
        shapes = _expect_small(known.shapes(_width_of(layer)))
        weights, inputs = _fill(shapes), known.example(_width_of(layer))
        before = known.apply(weights, inputs)
    except ValueError:
        return True
    try:
        got = layer.compute([_row_of(weight) for weight in weights], inputs)
        named = ACTIVATIONS.get(known.activation)
        if named and _is_near(got, named(before)):
            return True
        is_own = _is_near(got, layer.activate(np.float32(before)))
        told = "other outputs, for the same weights"
    except StudentError as error:
        is_own, told = False, f"{error.type_name}: {error.text}"
    expect.that(
        is_own,
        f'"{layer.name}" does not compute what a {layer.class_name} of its settings '
        "does.",
        expected=f"the output of a {layer.class_name}",
        got=told,
        advice="Does a class of your own change what it does?",
    )
    return False


def _expect_small(shapes: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return shapes of weights, which must be no larger than the brief's.

    Raises:
        ValueError: They are larger.
    """
    if sum(map(math.prod, shapes)) > MOST_WEIGHTS:
        raise ValueError("too large to be computed here")
    return shapes


def _width_of(layer: Layer) -> int:
    """Return the width that a layer is built for; any width if it is not built."""
    first = layer.weight_shapes[0] if layer.weight_shapes else ()
    return first[-2] if len(first) > 1 and 0 < first[-2] < MOST_WEIGHTS else 3


def _is_near(got: Any, wanted: Array) -> bool:
    if not isinstance(got, np.ndarray) or got.dtype.kind not in "biuf":
        return False
    if got.shape != wanted.shape:
        return False
    scale = max(float(np.abs(wanted).max(initial=0)), 1e-3)
    return bool(np.all(np.abs(got.astype(np.float64) - wanted) <= TOLERANCE * scale))


def _fill(shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """Return weights of these shapes, as `compute` makes them from `_row_of`."""
    return [np.resize(_scaled(shape), shape) for shape in shapes]


def _scaled(shape: tuple[int, ...]) -> Array:
    """Return a row that keeps outputs as large as inputs, even after a ReLU."""
    fan_in = math.prod(shape[:-1]) or 1
    return ROW * np.float32(math.sqrt(6 / fan_in) if len(shape) > 1 else 0.5)


def _row_of(weight: Array) -> Array:
    return _scaled(weight.shape)


def read_layer(layer: Layer) -> Known | None:
    """Return what is known about a layer's kind; None if it is not computed here."""
    read = _KINDS.get(layer.class_name)
    try:
        return read(layer.config) if read else None
    except (KeyError, TypeError, ValueError, IndexError):
        return None  # a worker may send anything as a setting


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 < value < 1 << 20:
        raise ValueError("not a size")
    return value


def _pair(value: Any) -> tuple[int, int]:
    first, second = value
    return _whole(first), _whole(second)


def _named(value: Any) -> str:
    return value if isinstance(value, str) else "linear"


def _bias(config: Config, units: int) -> list[tuple[int, ...]]:
    return [(units,)] if config["use_bias"] is True else []


def _read_convolution(config: Config) -> Known:
    size, filters = _pair(config["kernel_size"]), _whole(config["filters"])
    strides, holes = _pair(config["strides"]), _pair(config["dilation_rate"])
    groups, is_same = _whole(config["groups"]), config["padding"] == "same"
    if config["data_format"] != "channels_last" or groups != 1:
        raise ValueError("another kind of convolution")

    def apply(weights: Sequence[Array], x: Array) -> Array:
        kernel = weights[0]
        windows = _windows(x, size, strides, holes, is_same=is_same, fill=0.0)
        # (films, rows, columns, channels, height, width) by (height, width, channels)
        out = np.tensordot(windows, kernel, axes=((4, 5, 3), (0, 1, 2)))
        return out + weights[1] if len(weights) > 1 else out

    return Known(
        lambda width: [(*size, width, filters), *_bias(config, filters)],
        apply,
        _picture,
        _named(config["activation"]),
    )


def _read_pool(config: Config) -> Known:
    size, strides = _pair(config["pool_size"]), _pair(config["strides"])
    is_same = config["padding"] == "same"

    def apply(_: Sequence[Array], x: Array) -> Array:
        windows = _windows(x, size, strides, (1, 1), is_same=is_same, fill=-np.inf)
        largest: Array = windows.max(axis=(4, 5))
        return largest

    return Known(_no_weights, apply, _picture)


def _windows(
    x: Array,
    size: tuple[int, int],
    strides: tuple[int, int],
    holes: tuple[int, int],
    *,
    is_same: bool,
    fill: float,
) -> Array:
    """Return the windows of pictures, shape (films, rows, columns, channels, *size)."""
    reach = [(one - 1) * hole + 1 for one, hole in zip(size, holes, strict=True)]
    if is_same:
        lack = [
            max((math.ceil(length / stride) - 1) * stride + one - length, 0)
            for length, stride, one in zip(x.shape[1:3], strides, reach, strict=True)
        ]
        sides = [(each // 2, each - each // 2) for each in lack]
        x = np.pad(x, ((0, 0), *sides, (0, 0)), constant_values=fill)
    views: Array = np.lib.stride_tricks.sliding_window_view(x, reach, axis=(1, 2))
    return views[:, :: strides[0], :: strides[1], :, :: holes[0], :: holes[1]]


def _read_dense(config: Config) -> Known:
    units = _whole(config["units"])

    def apply(weights: Sequence[Array], x: Array) -> Array:
        out = x @ weights[0]
        return out + weights[1] if len(weights) > 1 else out

    return Known(
        lambda width: [(width, units), *_bias(config, units)],
        apply,
        lambda width: _numbers((2, width)),
        _named(config["activation"]),
    )


def _read_flatten(_: Config) -> Known:
    return Known(_no_weights, lambda _, x: x.reshape(len(x), -1), _picture)


def _read_dropout(_: Config) -> Known:
    return Known(_no_weights, lambda _, x: x, lambda width: _numbers((2, width)))


def _read_embedding(config: Config) -> Known:
    shape = (_whole(config["input_dim"]), _whole(config["output_dim"]))
    return Known(
        lambda _: [shape],
        lambda weights, x: weights[0][x.astype(np.int64)],
        lambda _: np.array([[0, shape[0] - 1]], np.int64),
    )


def _read_bidirectional(config: Config) -> Known:
    inner = config["layer"]
    if inner["class_name"] != "LSTM":
        raise ValueError("another kind of recurrent layer")
    lstm, merge = inner["config"], _MERGES[config["merge_mode"]]
    units, is_sequence = _whole(lstm["units"]), lstm["return_sequences"] is True
    gates = ACTIVATIONS[lstm["recurrent_activation"]]
    state = ACTIVATIONS[lstm["activation"]]
    if lstm["use_bias"] is not True or lstm["go_backwards"] is not False:
        raise ValueError("another kind of LSTM")

    def apply(weights: Sequence[Array], x: Array) -> Array:
        forward = _run_lstm(weights[:3], x, gates, state)
        backward = _run_lstm(weights[3:], x[:, ::-1], gates, state)
        if not is_sequence:
            return merge(forward[:, -1], backward[:, -1])
        return merge(forward, backward[:, ::-1])

    return Known(
        lambda width: [(width, 4 * units), (units, 4 * units), (4 * units,)] * 2,
        apply,
        lambda width: _numbers((1, 2, width)),
    )


_MERGES: Mapping[str, Callable[[Array, Array], Array]] = {
    "concat": lambda a, b: np.concatenate([a, b], axis=-1),
    "sum": lambda a, b: a + b,
    "ave": lambda a, b: (a + b) / 2,
    "mul": lambda a, b: a * b,
}


def _run_lstm(
    weights: Sequence[Array],
    x: Array,
    gates: Callable[[Array], Array],
    state: Callable[[Array], Array],
) -> Array:
    """Return the outputs of an LSTM at every step; gates in Keras's order."""
    kernel, recurrent, bias = weights
    out = cell = np.zeros((len(x), recurrent.shape[0]))
    steps = []
    for step in range(x.shape[1]):
        z = x[:, step] @ kernel + out @ recurrent + bias
        i, f, c, o = np.split(z, 4, axis=-1)
        cell = gates(f) * cell + gates(i) * state(c)
        out = gates(o) * state(cell)
        steps.append(out)
    return np.stack(steps, axis=1)


def _no_weights(_: int) -> list[tuple[int, ...]]:
    return []


def _picture(width: int) -> Array:
    return _numbers((1, 6, 5, width))


def _numbers(shape: tuple[int, ...]) -> Array:
    return np.resize(ROW[::-1], shape)


_KINDS: Mapping[str, Callable[[Config], Known]] = {
    "Conv2D": _read_convolution,
    "MaxPooling2D": _read_pool,
    "Dense": _read_dense,
    "Flatten": _read_flatten,
    "Dropout": _read_dropout,
    "Embedding": _read_embedding,
    "Bidirectional": _read_bidirectional,
}
