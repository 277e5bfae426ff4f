"""Observe: turn what a student's function returned into plain data.

This runs in the worker, next to the student's code. It knows Keras, TensorFlow,
pandas and matplotlib, but no coursework. What it returns consists of the
types that `codec` carries; everything else becomes an ``Opaque`` record
with the name of its class. It never raises because of what it looks at.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from reelmark.wire.codec import Record, Table, plain_text
from reelmark.wire.tables import take_apart
from reelmark.worker import figures, keras

MAX_DEPTH = 8
MAX_SHORT_TEXT = 300

Keep = Callable[[Any], int]
"""Stores a live object and returns the handle by which to ask for it."""


def observe(value: Any, keep: Keep, depth: int = 0) -> Any:
    """Return plain data that describes ``value``.

    Args:
        value: Anything a student's function returned.
        keep: Called with every object that stays alive; returns its handle.
        depth: How many containers enclose ``value``.
    """
    try:
        return _observe(value, keep, depth)
    except Exception as error:
        # A half-built or odd object: its class is still worth reporting.
        text = clean_text(str(error), MAX_SHORT_TEXT // 2)
        remark = f" (looking at it raised {class_name(error)}: {text})"
        return describe_opaque(value, keep, remark)


def _observe(value: Any, keep: Keep, depth: int) -> Any:
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    if isinstance(value, np.ndarray | np.generic):
        return _observe_numpy(value, keep)
    if depth < MAX_DEPTH and isinstance(value, list | tuple | dict):
        return _observe_container(value, keep, depth + 1)
    for is_kind, describe in _KINDS:
        if is_kind(value):
            return describe(value, keep, depth)
    return describe_opaque(value, keep)


def describe_opaque(value: Any, keep: Keep, remark: str = "") -> Record:
    """Describe an object of an unknown kind by its class and a short text."""
    try:
        # An object's address in memory says nothing, and differs every time.
        text = re.sub(r" at 0x[0-9a-fA-F]+", "", clean_text(repr(value)))
        text = text[: MAX_SHORT_TEXT - len(remark)]
    except Exception as error:
        text = f"(its repr() raised {class_name(error)})"
    fields = {"type_name": class_name(value), "text": text + remark}
    return Record("Opaque", fields, keep(value))


def class_name(value: Any) -> str:
    """Return the name of a value's class, even if its metaclass reports another."""
    return clean_text(type.__dict__["__name__"].__get__(type(value)))


def clean_text(text: str, most: int = MAX_SHORT_TEXT) -> str:
    """Return the start of a text as a plain ``str`` that can be encoded."""
    # Methods of ``str`` itself: a subclass may override them.
    start = str.__getitem__(text, slice(most))
    return str.encode(start, "utf-8", "backslashreplace").decode()


def _observe_numpy(value: Any, keep: Keep) -> Any:
    if isinstance(value, np.str_ | np.bytes_):
        return plain_text(value)
    array = np.asarray(value)
    if array.dtype.kind in "OSUT":
        # Checks compare text; whether it was stored as bytes is up to TensorFlow.
        try:
            return np.array(
                [plain_text(item) for item in array.ravel().tolist()], dtype=object
            ).reshape(array.shape)
        except TypeError:
            return describe_opaque(value, keep)
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        return describe_opaque(value, keep)
    return array if isinstance(value, np.ndarray) else array[()]


def _observe_container(value: Any, keep: Keep, depth: int) -> Any:
    if isinstance(value, dict):
        return {_plain_key(key): observe(value[key], keep, depth) for key in value}
    items = [observe(item, keep, depth) for item in value]
    return tuple(items) if isinstance(value, tuple) else items


def _plain_key(key: Any) -> str | int:
    if isinstance(key, str):
        return str(key)
    if isinstance(key, int | np.integer) and not isinstance(key, bool):
        return int(key)
    raise TypeError(f"a key is a {class_name(key)}")


def _is_tensor(value: Any) -> bool:
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and isinstance(
        value, tensorflow.Tensor | tensorflow.Variable
    )


def _is_keras_variable(value: Any) -> bool:
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Variable)


def _observe_tensor(value: Any, keep: Keep, depth: int) -> Any:
    return observe(np.asarray(value.numpy()), keep, depth)


def _is_table(value: Any) -> bool:
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame)


def _observe_table(value: Any, keep: Keep, depth: int) -> Table:
    return Table(*(observe(part, keep, depth + 1) for part in take_apart(value)))


_KINDS: tuple[tuple[Callable[[Any], bool], Callable[..., Any]], ...] = (
    (_is_tensor, _observe_tensor),
    (_is_keras_variable, _observe_tensor),
    (_is_table, _observe_table),
    (figures.is_figure, figures.describe_figure),
    (keras.is_model, keras.describe_model),
    (keras.is_layer, keras.describe_layer),
    (keras.is_dataset, keras.describe_dataset),
    (keras.is_history, keras.describe_history),
    (keras.is_callback, keras.describe_callback),
)
