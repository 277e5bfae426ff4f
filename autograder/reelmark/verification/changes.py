"""Changes: what is made of a part of an answer, or of its bytes, to lie with it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from reelmark.wire.codec import MAX_DEPTH, Record, Table, pack

MOST_ITEMS = 300_000
"""Items of a list that is made long: nearly as many as are let in."""

MOST_RECORDS = 4_000
"""Observations in a list that is made long."""

MOST_BYTES = 2**24
"""Bytes of a list that is made long."""

MOST_LETTERS = 19_000
"""Characters of a text that is made long."""

MOST_NUMBERS = 4_000_000
"""Numbers of an array that is made large, of one byte each."""

Make = Callable[[Any, random.Random], Any]


class Unfit(Exception):
    """Nothing can be made of such a part in this way."""


@dataclass(frozen=True)
class Change:
    """A way to change a part.

    Attributes:
        name: What it makes of it, in a few words.
        function: Makes the new part of the old one; raises `Unfit` if it cannot.
        is_choosy: Whether there are parts that it cannot change.
        keeps_kind: Whether what comes out is of the same kind, with another value: an
            answer that is wrong, and not odd.
    """

    name: str
    function: Make
    is_choosy: bool = True
    keeps_kind: bool = False

    def make(self, part: Any, rng: random.Random) -> Any:
        """Return what becomes of a part.

        Raises:
            Unfit: Nothing can be made of it in this way.
        """
        try:
            with np.errstate(all="ignore"):
                return self.function(part, rng)
        except (IndexError, OverflowError, TypeError, ValueError) as error:
            raise Unfit from error


def _to(value: Any) -> Make:
    return lambda _part, _rng: value


def _of(*kinds: type) -> Callable[[Make], Make]:
    """Make a change fit for some kinds only."""

    def limit(make: Make) -> Make:
        def limited(part: Any, rng: random.Random) -> Any:
            if type(part) not in kinds:
                raise Unfit
            return make(part, rng)

        return limited

    return limit


_TEXTS, _LISTS = _of(str), _of(list, tuple)


def _numbers(make: Make) -> Make:
    """Make a change fit for numbers, Python's and numpy's."""

    def limited(part: Any, rng: random.Random) -> Any:
        if type(part) in (int, float):
            return type(part)(make(part, rng))
        if isinstance(part, np.number):
            return type(part)(make(part.item(), rng))
        raise Unfit

    return limited


def _arrays(make: Make, kinds: str = "biuf") -> Make:
    """Make a change fit for arrays that hold something."""

    def limited(part: Any, rng: random.Random) -> Any:
        is_array = isinstance(part, np.ndarray)
        if not is_array or part.dtype.kind not in kinds or not part.size:
            raise Unfit
        return make(part, rng)

    return limited


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
    if not part:
        raise Unfit
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
    return pack({"error": {**told, "type_name": "ValueError", "text": "{{" * 900}})


FRAME_CHANGES = (
    Change("no bytes", _to(b"")),
    Change("half a frame", _cut),
    Change("other bytes", _flip),
    Change("an error without a text", _to(pack({"error": {"kind": "raised"}}))),
    *(
        Change(f"an error: {kind}, {module}", _to(_error(kind, module)))
        for kind in ("raised", "not started", "out of memory")
        for module in (None, "a module")
    ),
)
"""What is done to the frame of an answer."""

PART_CHANGES = (
    *(Change(f"is {n}", _to(value), is_choosy=False) for n, value in _ODD.items()),
    Change("in a list", lambda part, _: [part], is_choosy=False),
    Change("in a pair", lambda part, _: (part, part), is_choosy=False),
    Change("in a mapping", lambda part, _: {"a": part}, is_choosy=False),
    Change("nested", _nest, is_choosy=False),
    # As long as it is let in.
    Change("very many", _LISTS(_lengthen)),
    *(
        Change(f"very long: {unit[:9]!r}", _TEXTS(_repeat(unit)))
        for unit in ("1", "a", "_1", 40 * "x" + "\n", "{{", "aA", "cnn ", "1.", " ")
    ),
    Change("itself, very long", _TEXTS(lambda part, _: f"{part} " * 30)),
    # Wrong, and nothing else.
    Change("one more", _numbers(lambda part, _: part + 1), keeps_kind=True),
    Change("one less", _numbers(lambda part, _: part - 1), keeps_kind=True),
    Change("twice", _numbers(lambda part, _: 2 * part or 1), keeps_kind=True),
    Change("negative", _numbers(lambda part, _: -part or -1), keeps_kind=True),
    Change(
        "a tenth more", _of(float)(lambda part, _: 1.1 * part or 0.1), keeps_kind=True
    ),
    Change("the contrary", _of(bool)(lambda part, _: not part), keeps_kind=True),
    Change("other letters", _TEXTS(_other_letters), keeps_kind=True),
    Change("longer", _TEXTS(lambda part, _: f"{part}x"), keeps_kind=True),
    Change("the other way round", _LISTS(_mix), keeps_kind=True),
    Change("one left out", _LISTS(_drop), keeps_kind=True),
    Change("one twice", _LISTS(_double), keeps_kind=True),
    Change("a key left out", _of(dict)(_without_key), keeps_kind=True),
    Change("one number changed", _arrays(_change_one), keeps_kind=True),
    Change("all numbers changed", _arrays(_change_all), keeps_kind=True),
    Change("backwards", _arrays(lambda part, _: part[::-1], "biufO"), keeps_kind=True),
    Change("one row less", _arrays(lambda part, _: part[1:], "biufO"), keeps_kind=True),
    # Nearly of the same kind.
    Change("of another sort", _LISTS(_other_sort)),
    Change("as a text", _of(int, float)(lambda part, _: str(part))),
    Change("as a list", _arrays(lambda part, _: part.tolist(), "biufO")),
    Change("flat", _arrays(_flatten, "biufO")),
    Change("with one more axis", _arrays(lambda part, _: part[None], "biufO")),
    Change("as bytes", _arrays(lambda part, _: part.astype(np.int8))),
    Change("as float16", _arrays(lambda part, _: part.astype(np.float16))),
    Change("all infinite", _arrays(lambda part, _: np.full(part.shape, np.inf))),
)
"""What is done to a part of an answer."""
