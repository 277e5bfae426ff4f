"""Kinds: the type that an answer must have, where the kit knows it.

A student's function may return anything, and the checks judge it. But what an
ingredient makes, and what an observation answers, has a kind that is known beforehand:
a worker that answers anything else has been tampered with. Checks need not look.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np
from typeguard import CollectionCheckStrategy, TypeCheckError, check_type

from reelmark.checks.observations import (
    Callback,
    Dataset,
    Encoder,
    Figure,
    History,
    Layer,
    Model,
    Opaque,
)
from reelmark.errors import KitFault
from reelmark.wire.codec import WireError

KINDS: Mapping[str, Any] = {
    "None": NoneType,
    **{kind.__name__: kind for kind in (bool, bytes, float, int, str)},
    "Any": Any,
    "keras.Layer": Layer,
    "keras.Model": Model,
    "keras.Sequential": Model,
    "keras.callbacks.Callback": Callback,
    "keras.callbacks.History": History,
    "keras.layers.Embedding": Layer,
    "keras.layers.Layer": Layer,
    "keras.layers.TextVectorization": Encoder,
    "matplotlib.figure.Figure": Figure,
    "object": Opaque,
    "np.ndarray": np.ndarray,
    "tf.data.Dataset": Dataset,
}
"""What a check gets, by the annotation of an ingredient's return value."""

_TABLE = "pd.DataFrame"

_CONTAINERS: Mapping[str, Any] = {"dict": dict, "list": list, "tuple": tuple}


def expect_kind(value: Any, kind: Any) -> None:
    """Expect an answer to be of a kind, down to its last item.

    Raises:
        WireError: It is not.
    """
    if kind is Any:
        return
    try:
        check_type(
            value, kind, collection_check_strategy=CollectionCheckStrategy.ALL_ITEMS
        )
    except TypeCheckError as error:
        raise WireError(f"{error}") from error


@cache
def read_kinds(path: Path) -> Mapping[str, Any]:
    """Read the return annotation of each function in a module, without running it.

    Args:
        path: The file of ingredients; it need not exist.

    Raises:
        KitFault: A function has no annotation, or one for what checks cannot get.
    """
    if not path.is_file():
        return {}
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {
        function.name: _read_kind(function, path)
        for function in functions
        if not function.name.startswith("_")
    }


def _read_kind(function: ast.FunctionDef, path: Path) -> Any:
    where = f"{path}, line {function.lineno}: {function.name}()"
    if function.returns is None:
        raise KitFault(f"{where} does not say what it returns. Annotate it.")
    try:
        return _kind_of(function.returns)
    except KeyError as error:
        known = ", ".join([*KINDS, _TABLE, *_CONTAINERS])
        raise KitFault(
            f"{where} returns {error.args[0]}, which no check can get. Known: {known}."
        ) from error


def _kind_of(node: ast.expr) -> Any:
    """Return the kind that an annotation stands for.

    Raises:
        KeyError: It stands for none; the error's argument is the annotation.
    """
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _kind_of(node.left) | _kind_of(node.right)
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        kinds = tuple(... if _is_dots(part) else _kind_of(part) for part in inner)
        return _CONTAINERS[ast.unparse(node.value)][kinds]
    name = ast.unparse(node)
    return _get_table_kind() if name == _TABLE else KINDS[name]


def _get_table_kind() -> Any:
    import pandas as pd  # takes longer to import than all that is imported above

    return pd.DataFrame


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
