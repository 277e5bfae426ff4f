"""Observations: what a check sees of a student's work. Plain data, and questions.

An observation is never the student's object. It is a description made in the
worker and checked field by field on arrival. If the object is still alive in the
worker, the observation can be passed back as an argument of a later call, and
asked for more (``dataset.batches()``, ``model.predict(x)``).

Shapes are tuples in which None stands for a size that is not fixed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, ClassVar, cast, get_type_hints

import numpy.typing as npt
from typeguard import CollectionCheckStrategy, TypeCheckError, check_type

from reelmark.wire.codec import Record, Reference, WireError

Array = npt.NDArray[Any]
Shape = tuple[int | None, ...]

MOST_POINTS = 100_000
"""The most points of lines, and bars, in a figure: more than anybody can see."""

Ask = Callable[[int, str, tuple[Any, ...], Any], Any]
"""Asks a live object a question: its number, the question, arguments, and the kind
that the answer must be of."""


class Observation:
    """What every observation can do: be passed back, and be asked.

    ``_lives_on`` says whether it stands for a whole object, not just a part of one.
    """

    _lives_on: ClassVar[bool] = True
    _handle: int | None = None
    _ask: Ask | None = None

    def reference(self) -> Reference:
        """Return what stands for the live object in an argument.

        Raises:
            TypeError: It describes a part of an object, such as a weight.
        """
        if self._handle is None:
            raise TypeError(f"{type(self).__name__} is a description, not an object")
        return Reference(self._handle)

    def ask(self, question: str, *args: Any, kind: Any = Any) -> Any:
        """Ask the worker something about the live object.

        Args:
            question: The name of a question that the worker knows.
            args: What the question needs.
            kind: The type of the answer, if it does not depend on the student.
        """
        handle = self.reference().handle
        assert self._ask is not None, "build_observation() sets it"
        return self._ask(handle, question, args, kind)


@dataclass(eq=False)
class Opaque(Observation):
    """An object of an unknown kind: its class and a short text."""

    type_name: str
    text: str


@dataclass(eq=False)
class Weight(Observation):
    """One weight of a model: its path, shape and dtype."""

    _lives_on = False
    path: str
    shape: tuple[int, ...]
    dtype: str


@dataclass(eq=False)
class Layer(Observation):
    """One Keras layer.

    Attributes:
        class_name: Its class, such as ``"Conv2D"``; for a class derived from one of
            Keras's layers, the class of that layer.
        bases: The class names of its bases, nearest first, itself included.
        name: The layer's name.
        config: What its ``get_config()`` returns, as plain data.
        input_shape: With the batch axis; None if it is not connected.
        output_shape: With the batch axis; None if it is not connected.
        count_params: Number of its parameters; None before it is built.
        weight_shapes: The shapes of its weights; empty before it is built.
        inbound: Names of the layers whose outputs it takes.
    """

    class_name: str
    bases: tuple[str, ...]
    name: str
    config: dict[str, Any]
    input_shape: Shape | None
    output_shape: Shape | None
    count_params: int | None
    weight_shapes: list[tuple[int, ...]]
    inbound: tuple[str, ...]

    def __post_init__(self) -> None:
        _expect_plain(self.config)

    def call(self, inputs: Any) -> Any:
        """Return the layer's output for ``inputs``, as an array."""
        return self.ask("call", inputs)

    def compute(self, rows: list[Array], inputs: Any) -> Any:
        """Return the layer's output with other weights; its own are restored.

        Args:
            rows: For each weight, numbers that are repeated until they fill it
                (`numpy.resize`).
            inputs: The input of the layer.
        """
        return self.ask("compute", rows, inputs)

    def activate(self, values: Any) -> Any:
        """Return the result of applying the layer's activation function to an array."""
        return self.ask("activation", values)


@dataclass(eq=False)
class Encoder(Layer):
    """A ``TextVectorization`` layer; ``vocabulary`` is most frequent first."""

    vocabulary: list[str]


@dataclass(eq=False)
class Metric(Observation):
    """One metric of a compiled model."""

    _lives_on = False
    class_name: str
    name: str
    config: dict[str, Any]

    def __post_init__(self) -> None:
        _expect_plain(self.config)


@dataclass(eq=False)
class Compiled(Observation):
    """How a model was compiled.

    Attributes:
        optimizer: Class name of the optimizer.
        learning_rate: Its learning rate now.
        settings: What the optimizer's ``get_config()`` returns, as plain data.
        loss: Class or function name of the loss; empty if there is none.
        metrics: The metrics asked for, without the loss.
    """

    _lives_on = False
    optimizer: str
    learning_rate: float
    settings: dict[str, Any]
    loss: str
    metrics: list[Metric]


@dataclass(eq=False)
class Model(Observation):
    """A Keras model; its shapes are None before it is built."""

    class_name: str
    bases: tuple[str, ...]
    name: str
    layers: list[Layer]
    input_shape: Shape | None
    output_shape: Shape | None
    input_dtype: str | None
    weights: list[Weight]
    count_params: int | None
    compiled: Compiled | None

    def layer(self, name: str) -> Layer | None:
        """Return the layer called ``name``, or None."""
        return next((layer for layer in self.layers if layer.name == name), None)

    def predict(self, inputs: Any) -> Any:
        """Return the model's output for ``inputs`` (an array), not in training mode."""
        return self.ask("call", inputs)

    def compute(self, rows: list[Array], inputs: Any) -> Any:
        """Return the model's output with other weights (see `Layer.compute`)."""
        return self.ask("compute", rows, inputs)

    def get_weights(self) -> Any:
        """Return the weights as a list of arrays, in the order of ``weights``."""
        return self.ask("weights", kind=list[Array])

    def loss_value(self, y_true: Any, y_pred: Any) -> Any:
        """Return the compiled loss of ``y_pred`` against ``y_true``, as a float."""
        return self.ask("loss", y_true, y_pred, kind=float)

    def metric_values(self, batches: list[tuple[Any, Any]]) -> Any:
        """Return the value of each metric over batches of ``(y_true, y_pred)``.

        They are floats in the order of ``compiled.metrics``; None if a metric cannot
        be computed. The model's own metrics stay as they are.
        """
        return self.ask("metrics", batches, kind=list[float | None])

    def look_again(self) -> Any:
        """Observe the model again: calls in between may have built or trained it."""
        return self.ask("look")


@dataclass(eq=False)
class Spec(Observation):
    """Shape and dtype of one component of a dataset's elements."""

    _lives_on = False
    shape: Shape | None
    dtype: str


@dataclass(eq=False)
class Operation(Observation):
    """One step of a ``tf.data`` pipeline, such as ``"shuffle"``, and its settings."""

    _lives_on = False
    name: str
    settings: dict[str, Any]

    def __post_init__(self) -> None:
        _expect_plain(self.settings)


@dataclass(eq=False)
class Dataset(Observation):
    """A ``tf.data.Dataset``: the parts of its elements; its steps, source first.

    ``keeps_order`` says whether its parallel steps keep the order of their input.
    """

    element_spec: list[Spec]
    operations: list[Operation]
    cardinality: int
    keeps_order: bool

    def has(self, *names: str) -> bool:
        """Return whether the pipeline has a step of one of these names."""
        return any(step.name in names for step in self.operations)

    def batches(self, limit: int = 1_000) -> Any:
        """Iterate over the dataset once; return its elements, tuples of arrays."""
        return self.ask("batches", limit, kind=list[tuple[Any, ...]])


@dataclass(eq=False)
class Callback(Observation):
    """A Keras callback: its class, its bases and its plain settings."""

    class_name: str
    bases: tuple[str, ...]
    settings: dict[str, Any]

    def __post_init__(self) -> None:
        _expect_plain(self.settings)

    def schedule(self, epoch: int, learning_rate: float) -> Any:
        """Return the rate that a learning-rate scheduler sets for one epoch."""
        return self.ask("schedule", epoch, learning_rate)


@dataclass(eq=False)
class History(Observation):
    """What ``fit`` returned: one list per metric name, and the epoch indices."""

    history: dict[str, list[float]]
    epochs: list[int]


@dataclass(eq=False)
class Text(Observation):
    """A text in a figure.

    Attributes:
        text: What it says, with its line breaks.
        box: Left, bottom, right, top of the upright box around it, in pixels.
        size: Size of its font in pixels.
        rotation: Degrees by which it is turned, anticlockwise.
    """

    _lives_on = False
    text: str
    box: tuple[float, float, float, float]
    size: float
    rotation: float

    def __post_init__(self) -> None:
        _expect_finite(*self.box, self.size, self.rotation)


@dataclass(eq=False)
class Tick(Observation):
    """A labelled tick: where it is on its axis, in its units and in pixels."""

    _lives_on = False
    position: float
    pixel: float
    label: Text

    def __post_init__(self) -> None:
        _expect_finite(self.position, self.pixel)


@dataclass(eq=False)
class Line(Observation):
    """A drawn line.

    Attributes:
        label: Its label, whether a legend shows it or not.
        legend: What a legend calls it; empty if none does.
        look: A number; lines and bars of a panel that look the same have the same.
        unseen: Why nobody sees it, in words, wherever it is; empty if it has a colour
            and a width that can be seen.
        x: The horizontal position of each of its points.
        y: The vertical position of each of its points.
        are_seen: Whether each of its points is within the limits of its panel.
        box: Left, bottom, right, top of the box around the points that are, in pixels.
    """

    _lives_on = False
    label: str
    legend: str
    look: int
    unseen: str
    x: Array
    y: Array
    are_seen: Array
    box: tuple[float, float, float, float]

    def __post_init__(self) -> None:
        _expect_finite(*self.box)
        _expect_series(self.x, self.y, self.are_seen)


@dataclass(eq=False)
class Bars(Observation):
    """Bars that one call drew in one colour.

    Attributes:
        label: Their label, whether a legend shows it or not.
        legend: What a legend calls them; empty if none does.
        look: A number; lines and bars of a panel that look the same have the same.
        horizontal: Whether the bars lie on their side.
        unseen: Why nobody sees them, in words; empty if they have a colour that can be
            seen.
        centres: Centre of each bar along the axis that they stand on.
        pixels: The same in pixels.
        lengths: Length of each bar.
        boxes: Left, bottom, right, top of each bar in pixels, shape (bars, 4).
        seen_boxes: The same for the part of each bar within the limits of its panel.
    """

    _lives_on = False
    label: str
    legend: str
    look: int
    horizontal: bool
    unseen: str
    centres: Array
    pixels: Array
    lengths: Array
    boxes: Array
    seen_boxes: Array

    def __post_init__(self) -> None:
        _expect_series(self.centres, self.pixels, self.lengths)
        _expect_finite(*self.centres.tolist(), *self.pixels.tolist())
        of_boxes = (*self.lengths.shape, 4)
        if not all(
            _holds_numbers(boxes, 2) and boxes.shape == of_boxes
            for boxes in (self.boxes, self.seen_boxes)
        ):
            raise WireError("a group of bars is malformed")
        _expect_finite(*self.boxes.ravel().tolist(), *self.seen_boxes.ravel().tolist())


@dataclass(eq=False)
class Axes(Observation):
    """One panel of a figure.

    ``box`` is its left, bottom, right, top in pixels. ``images`` are as a reader sees
    them: cropped by the limits, and flipped if an axis is. ``texts`` are those added
    by hand; ``writing`` is everything there is to read in the panel, including its
    title, labels, ticks, legend and tables.
    """

    _lives_on = False
    box: tuple[float, float, float, float]
    title: str
    xlabel: str
    ylabel: str
    legend: list[str]
    lines: list[Line]
    bars: list[Bars]
    images: list[Array]
    texts: list[Text]
    xticks: list[Tick]
    yticks: list[Tick]
    table: list[list[str]]
    writing: list[Text]

    def __post_init__(self) -> None:
        if not all(_holds_numbers(image, 2, 3) for image in self.images):
            raise WireError("an image is malformed")


@dataclass(eq=False)
class Figure(Observation):
    """A matplotlib figure, drawn; ``texts`` are those outside its panels.

    ``size`` is width and height in pixels. What is not visible is left out.
    """

    title: str
    size: tuple[float, float]
    axes: list[Axes]
    texts: list[Text]

    def __post_init__(self) -> None:
        _expect_finite(*self.size)
        points = sum(line.x.size for panel in self.axes for line in panel.lines)
        points += sum(bars.lengths.size for panel in self.axes for bars in panel.bars)
        if points > MOST_POINTS:
            raise WireError(f"a figure of {points:,} points and bars")

    def all_text(self) -> str:
        """Return everything written in the figure, one text per line."""
        written = [text for panel in self.axes for text in panel.writing]
        found = [self.title, *(text.text for text in (*self.texts, *written))]
        return "\n".join(text for text in found if text)

    def look_again(self) -> Any:
        """Observe the figure again: calls in between may have drawn in it."""
        return self.ask("look")

    def paint(self) -> Any:
        """Return the figure as a PNG, for a person to look at."""
        return b"".join(self.ask("paint", kind=list[bytes]))


def _expect_series(*arrays: Array) -> None:
    """Refuse arrays that do not hold one number per point."""
    lengths = {array.shape for array in arrays}
    if len(lengths) > 1 or not all(_holds_numbers(array, 1) for array in arrays):
        raise WireError("a line or a group of bars is malformed")


def _expect_plain(value: Any) -> None:
    """Expect what a worker sends for a configuration: plain values only.

    Raises:
        WireError: There is something else, such as an array, which no check could
            compare.
    """
    kind = type(value)
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise WireError("a setting's name is not a text")
            _expect_plain(item)
    elif kind is list:
        for item in value:
            _expect_plain(item)
    elif kind not in _PLAIN:
        raise WireError(f"a setting is a {kind.__name__}")


_PLAIN = frozenset({NoneType, bool, int, float, str})


def _expect_finite(*numbers: float) -> None:
    """Expect finite numbers: a worker sends nothing for what cannot be seen."""
    if not all(map(math.isfinite, numbers)):
        raise WireError("something in a figure is at no place, or of no size")


def _holds_numbers(array: Array, *dimensions: int) -> bool:
    return array.dtype.kind in "biuf" and array.ndim in dimensions


KINDS: dict[str, type[Observation]] = {
    kind.__name__: kind
    for kind in (
        *(Opaque, Weight, Layer, Encoder, Metric, Compiled, Model, Spec, Operation),
        *(Dataset, Callback, History, Text, Tick, Line, Bars, Axes, Figure),
    )
}


@cache
def _fields(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: hint for name, hint in hints.items() if not name.startswith("_")}


def build_observation(record: Record, ask: Ask) -> Observation:
    """Build the observation that a worker's record describes.

    Raises:
        WireError: The kind is unknown, a field is missing or has the wrong type, or
            there is no live object where there should be one, or vice versa.
    """
    kind = KINDS.get(record.kind)
    if kind is None:
        raise WireError(f"{record.kind!r} is no kind of observation")
    if type(record.handle) is not (int if kind._lives_on else type(None)):
        raise WireError(f"a {record.kind} has a wrong handle")
    hints = _fields(cast(Any, kind))
    if type(record.fields) is not dict or record.fields.keys() != hints.keys():
        raise WireError(f"a {record.kind} has other fields")
    try:
        for name, hint in hints.items():
            # Most fields are texts and numbers; a quick test saves the full one.
            if type(record.fields[name]) is not hint:
                check_type(record.fields[name], hint, **_EVERY_ITEM)
    except TypeCheckError as error:
        raise WireError(f"a {record.kind} is malformed: {error}") from error
    observation = kind(**record.fields)
    observation._handle, observation._ask = record.handle, ask
    return observation


_EVERY_ITEM: Any = {"collection_check_strategy": CollectionCheckStrategy.ALL_ITEMS}


def expect_whole(value: Any) -> None:
    """Expect a whole object, not a part of one.

    Only whole objects come by themselves; parts come inside them, and cannot be
    passed on.

    Raises:
        WireError: It is a part.
    """
    if isinstance(value, Observation):
        if not value._lives_on:
            name = type(value).__name__
            raise WireError(f"it sent a part (a {name}) where an object belongs")
    elif isinstance(value, dict):
        expect_whole(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            expect_whole(item)
