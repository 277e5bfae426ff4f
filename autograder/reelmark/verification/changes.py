"""Changes: ways to turn a part of an answer, or its bytes, into a lie."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from reelmark.wire.codec import MAX_DEPTH, Record, Table, pack

MOST_ITEMS = 300_000
"""Items in a list that is made long: nearly as many as are allowed."""

MOST_RECORDS = 4_000
"""Observations in a list that is made long."""

MOST_BYTES = 2**24
"""Bytes of a list that is made long."""

MOST_LETTERS = 19_000
"""Characters of a text that is made long."""

MOST_NUMBERS = 4_000_000
"""Numbers of an array that is made large, of one byte each."""

Make = Callable[[Any, random.Random], Any]
Fits = Callable[[Any], bool]


def _any(_part: Any) -> bool:
    return True


class Unfit(Exception):
    """A part cannot be changed in this way."""


@dataclass(frozen=True)
class Change:
    """A way to change a part.

    Attributes:
        name: What it turns a part into, in a few words.
        function: Makes the new part from the old one; raises `Unfit` if it cannot.
        fits: Whether a part has a kind that it changes.
        keeps_kind: Whether the new part has the same kind but another value: a wrong
            answer, but not an odd one.
    """

    name: str
    function: Make
    fits: Fits = _any
    keeps_kind: bool = False

    def make(self, part: Any, rng: random.Random) -> Any:
        """Return the changed part.

        Raises:
            Unfit: It cannot be changed in this way.
        """
        try:
            with np.errstate(all="ignore"):
                return self.function(part, rng)
        except (IndexError, OverflowError, TypeError, ValueError) as error:
            raise Unfit from error


def _to(value: Any) -> Make:
    return lambda _part, _rng: value


def _is_text(part: Any) -> bool:
    return type(part) is str


def _is_list(part: Any) -> bool:
    return type(part) in (list, tuple) and len(part) > 0


def _is_float(part: Any) -> bool:
    return type(part) is float


def _is_number(part: Any) -> bool:
    return type(part) in (int, float) or isinstance(part, np.number)


def _is_truth(part: Any) -> bool:
    return type(part) is bool


def _is_mapping(part: Any) -> bool:
    return type(part) is dict and len(part) > 0


def _is_array(part: Any) -> bool:
    return isinstance(part, np.ndarray) and part.size > 0


def _holds_numbers(part: Any) -> bool:
    return _is_array(part) and part.dtype.kind in "biuf"


def _number(make: Make) -> Make:
    """Make a change of a number give a number of the same type."""
    return lambda part, rng: type(part)(
        make(part.item() if isinstance(part, np.number) else part, rng)
    )


def _change_one(part: Any, rng: random.Random) -> Any:
    changed = part.copy()
    place = np.unravel_index(rng.randrange(part.size), part.shape)
    changed[place] = not part[place] if part.dtype.kind == "b" else part[place] + 1
    return changed


def _change_all(part: Any, _rng: random.Random) -> Any:
    return ~part if part.dtype.kind == "b" else (part + part + 1).astype(part.dtype)


def _mix(part: Any, _rng: random.Random) -> Any:
    if len(part) < 2:
        raise Unfit
    return part[::-1]


def _drop(part: Any, rng: random.Random) -> Any:
    place = rng.randrange(len(part))
    return type(part)([*part[:place], *part[place + 1 :]])


def _double(part: Any, rng: random.Random) -> Any:
    place = rng.randrange(len(part))
    return type(part)([*part[: place + 1], *part[place:]])


def _lengthen(part: Any, _rng: random.Random) -> Any:
    items, records = _count(part[0])
    most = min(
        MOST_ITEMS // items,
        MOST_RECORDS // max(1, records),
        MOST_BYTES // len(pack(part[0])),
    )
    return type(part)([*part, *[part[0]] * most])


def _count(part: Any) -> tuple[int, int]:
    """Return how many items and observations there are in a part, itself included."""
    inner = part.values() if type(part) is dict else part
    if isinstance(part, Record | Table):
        inner = vars(part).values()
    elif type(part) not in (list, tuple, dict):
        inner = ()
    items, records = 1, int(isinstance(part, Record))
    for each in inner:
        more_items, more_records = _count(each)
        items, records = items + more_items, records + more_records
    return items, records


def _other_letters(part: Any, _rng: random.Random) -> Any:
    changed = part.translate(_NEIGHBOURS)
    if changed == part:
        raise Unfit
    return changed


_NEIGHBOURS = str.maketrans(
    "abcdeilmnorstuABCDEILMNORST", "badceliomnrtsuBADCELIOMNRTS"
)


def _without_key(part: Any, rng: random.Random) -> Any:
    key = rng.choice(list(part))
    return {name: item for name, item in part.items() if name != key}


def _repeat(unit: str) -> Make:
    return lambda _part, _rng: unit * (MOST_LETTERS // len(unit))


def _cut(frame: bytes, rng: random.Random) -> bytes:
    return frame[: rng.randrange(len(frame))]


def _flip(frame: bytes, rng: random.Random) -> bytes:
    changed = bytearray(frame)
    for _ in range(1 + len(frame) // 200):
        changed[rng.randrange(len(frame))] = rng.randrange(256)
    return bytes(changed)


def _nest(part: Any, _rng: random.Random) -> Any:
    for _ in range(MAX_DEPTH - 8):
        part = [part]
    return part


def _flatten(part: Any, _rng: random.Random) -> Any:
    if part.ndim == 1:
        raise Unfit
    return part.ravel()


def _other_sort(part: Any, _rng: random.Random) -> Any:
    return tuple(part) if type(part) is list else list(part)


_PARTS: dict[str, dict[str, Any]] = {
    "Weight": {"path": "kernel", "shape": (1,), "dtype": "float32"},
    "Text": {"text": "x", "box": (0.0, 0.0, 1.0, 1.0), "size": 9.0, "rotation": 0.0},
    "Spec": {"shape": None, "dtype": "float32"},
}
_WHOLES: dict[str, dict[str, Any]] = {
    "Opaque": {"type_name": "Figure", "text": "(looking at it raised " * 800},
    "Callback": {"class_name": "C", "bases": ("C",), "settings": {}},
    "Dataset": {"element_spec": [], "operations": [], "cardinality": -2},
    "History": {"history": {}, "epochs": []},
    "Figure": {"title": "", "size": (1.0, 1.0), "axes": [], "texts": []},
}
_PLAIN: tuple[Any, ...] = (
    *(None, True, 0, 1, -1, 2**63, -(10**290)),
    *(0.5, 1e300, float("nan"), float("inf"), float("-inf")),
    *("", b"", [], {}, (), [None], (0, 0), [[]], {"a": None}),
)
_ODD: dict[str, Any] = {
    **{repr(value)[:12]: value for value in _PLAIN},
    "no numbers": np.zeros(0),
    "numbers of no width": np.zeros((2, 0)),
    "an array of one number": np.array(1.5),
    "an array of no numbers": np.full((2, 2), np.nan),
    "an array of texts": np.array(["a", "b"], object),
    "an array of truths": np.array([True, False]),
    "an array of many bytes": np.zeros(MOST_NUMBERS, np.int8),
    "a number of numpy's": np.float32(0.5),
    "a table": Table(["a", 1], [0, "b"], [[None, 1.5], [[1], {}]]),
    "a table of twins": Table(["a", "a"], [0, 0], [[1, 2], [3, 4]]),
    "a table of nothing": Table([], [], []),
    "a table of an array": Table(["a"], [0], [[np.zeros(3)]]),
    **{f"a {kind}": Record(kind, fields) for kind, fields in _PARTS.items()},
    **{f"a {kind}": Record(kind, fields, 0) for kind, fields in _WHOLES.items()},
    "an unknown object": Record("Oven", {}, 0),
}


def _error(kind: str, module: str | None) -> bytes:
    frames = [["a.py", 1, "f", "x"]]
    told = {"kind": kind, "module": module, "frames": frames}
    texts = {"text": "{{" * 900, "whole": "{{" * 9_000}
    return pack({"error": {**told, **texts, "type_name": "ValueError"}})


FRAME_CHANGES = (
    Change("no bytes", _to(b"")),
    Change("half a frame", _cut),
    Change("other bytes", _flip),
    Change("prints that are none", _to(pack({"value": 1, "printed": ["many", 2]}))),
    Change("prints of nothing", _to(pack({"value": 1, "printed": [-5, ""]}))),
    Change(
        "prints of controls", _to(pack({"value": 1, "printed": [9, "\x1b[2J" * 99]}))
    ),
    Change("an error without a text", _to(pack({"error": {"kind": "raised"}}))),
    *(
        Change(f"an error: {kind}, {module}", _to(_error(kind, module)))
        for kind in ("raised", "not started", "out of memory")
        for module in (None, "a module")
    ),
)
"""Changes to the frame of an answer."""

PART_CHANGES = (
    *(Change(f"is {name}", _to(value)) for name, value in _ODD.items()),
    Change("in a list", lambda part, _: [part]),
    Change("in a pair", lambda part, _: (part, part)),
    Change("in a mapping", lambda part, _: {"a": part}),
    Change("nested", _nest),
    # As long as is allowed.
    Change("very many", _lengthen, _is_list),
    *(
        Change(f"very long: {unit[:9]!r}", _repeat(unit), _is_text)
        for unit in ("1", "a", "_1", 40 * "x" + "\n", "{{", "aA", "cnn ", "1.", " ")
    ),
    Change("itself, very long", lambda part, _: f"{part} " * 30, _is_text),
    # Of nearly the same kind.
    Change("of another sort", _other_sort, _is_list),
    Change("as a text", lambda part, _: str(part), _is_number),
    Change("as a list", lambda part, _: part.tolist(), _is_array),
    Change("flat", _flatten, _is_array),
    Change("with one more axis", lambda part, _: part[None], _is_array),
    Change("as bytes", lambda part, _: part.astype(np.int8), _holds_numbers),
    Change("as float16", lambda part, _: part.astype(np.float16), _holds_numbers),
    Change("all infinite", lambda p, _: np.full(p.shape, np.inf), _holds_numbers),
    # Simply wrong.
    *(
        Change(name, make, fits, keeps_kind=True)
        for name, make, fits in (
            ("one more", _number(lambda part, _: part + 1), _is_number),
            ("one less", _number(lambda part, _: part - 1), _is_number),
            ("twice", _number(lambda part, _: 2 * part or 1), _is_number),
            ("negative", _number(lambda part, _: -part or -1), _is_number),
            ("a tenth more", lambda part, _: 1.1 * part or 0.1, _is_float),
            ("the contrary", lambda part, _: not part, _is_truth),
            ("other letters", _other_letters, _is_text),
            ("longer", lambda part, _: f"{part}x", _is_text),
            ("the other way round", _mix, _is_list),
            ("one left out", _drop, _is_list),
            ("one twice", _double, _is_list),
            ("a key left out", _without_key, _is_mapping),
            ("one number changed", _change_one, _holds_numbers),
            ("all numbers changed", _change_all, _holds_numbers),
            ("backwards", _mix, _is_array),
            ("one row less", lambda part, _: part[1:], _is_array),
        )
    ),
)
"""Changes to a part of an answer."""
