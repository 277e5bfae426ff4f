"""What a check is written with: the public face of the engine for check authors.

``docs/writing-checks.md`` shows how. A check needs nothing else from the engine.
"""

from reelmark.checks import expect
from reelmark.checks.observations import (
    Axes,
    Bars,
    Callback,
    Compiled,
    Dataset,
    Encoder,
    Figure,
    History,
    Layer,
    Line,
    Metric,
    Model,
    Observation,
    Opaque,
    Operation,
    Spec,
    Text,
    Tick,
    Weight,
)
from reelmark.checks.student import StudentFunction, StudentModule
from reelmark.checks.submission import Submission, shared, tensor
from reelmark.errors import Mismatch, NotStarted, StudentError

__all__ = [
    "Axes",
    "Bars",
    "Callback",
    "Compiled",
    "Dataset",
    "Encoder",
    "Figure",
    "History",
    "Layer",
    "Line",
    "Metric",
    "Mismatch",
    "Model",
    "NotStarted",
    "Observation",
    "Opaque",
    "Operation",
    "Spec",
    "StudentError",
    "StudentFunction",
    "StudentModule",
    "Submission",
    "Text",
    "Tick",
    "Weight",
    "expect",
    "shared",
    "tensor",
]
