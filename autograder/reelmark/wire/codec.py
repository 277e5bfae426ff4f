"""The wire format between the process that marks and the one that runs student code.

msgpack with a handful of extension types, all of them plain data. Decoding
builds only the types listed here, within limits on bytes, items and depth,
and never runs code that the sender chose: no pickle crosses this wire.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import msgpack
import numpy as np
import numpy.typing as npt

from reelmark.wire.bounds import UNBOUNDED, Tally, TooMuch

MAX_BYTES = 64 * 2**20
MAX_COPIES = 4
MAX_DEPTH = 24
MAX_DIGITS = 300
"""Most digits of a whole number: any that fits is also within a float's range."""

_TEXT = "text"
_NUMBERS = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        *("bool", "int8", "int16", "int32", "int64"),
        *("uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"),
    )
}


class WireError(ValueError):
    """Bytes, or a value, that this wire does not carry."""


@dataclass(frozen=True)
class Record:
    """An observation on its way: its kind, its fields, and where the object lives.

    ``handle`` is the worker's number for the live object, or None when there is
    nothing to ask about it later.
    """

    kind: str
    fields: dict[str, Any]
    handle: int | None = None


@dataclass(frozen=True)
class Reference:
    """An argument that stands for a live object in the worker."""

    handle: int


@dataclass(frozen=True)
class FunctionName:
    """An argument that stands for one of the student's functions."""

    module: str
    name: str


@dataclass(frozen=True)
class Tensor:
    """An argument that the worker turns into a TensorFlow tensor."""

    array: npt.NDArray[Any]


@dataclass(frozen=True)
class Table:
    """A data frame taken apart: column labels, row labels, one list per column.

    Raises:
        WireError: The parts do not fit together.
    """

    columns: list[Any]
    index: list[Any]
    data: list[Any]

    def __post_init__(self) -> None:
        lists = (self.columns, self.index, self.data, *self.data)
        if not all(type(part) is list for part in lists):
            raise WireError("a table is made of lists")
        heights = {len(column) for column in self.data} | {len(self.index)}
        if len(heights) > 1 or len(self.columns) != len(self.data):
            raise WireError("a table's parts are not of the same length")


class _Code(IntEnum):
    TUPLE = 1
    ARRAY = 2
    SCALAR = 3
    INTEGER = 4
    RECORD = 5
    REFERENCE = 6
    FUNCTION = 7
    TENSOR = 8
    TABLE = 9


Build = Callable[[Any], Any]


def pack(value: Any) -> bytes:
    """Turn plain data into bytes.

    Raises:
        WireError: ``value`` holds something that is not plain data, or is larger
            or deeper than the limits.
    """
    try:
        data: bytes = msgpack.packb(value, default=_extend, strict_types=True)
    except WireError:
        raise
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise WireError(f"cannot be sent: {error}") from error
    if len(data) > MAX_BYTES:
        raise WireError(f"is too large to send: {len(data):,} bytes of {MAX_BYTES:,}")
    return data


def unpack(
    data: bytes, build: Build = lambda value: value, tally: Tally | None = None
) -> Any:
    """Turn bytes back into plain data.

    Args:
        data: What `pack` made, or anything else a stranger sent.
        build: Called with every `Record`, `Reference`, `FunctionName`, `Tensor`
            and `Table`; what it returns takes their place.
        tally: Counts what the message holds, and limits it.

    Raises:
        WireError: The bytes are not in this format, or exceed the limits.
    """
    try:
        return _Reader(build, tally or Tally(UNBOUNDED)).read(data, depth=0)
    except WireError:
        raise
    except TooMuch as error:
        raise WireError(f"it holds {error}") from error
    except Exception as error:
        raise WireError(f"no message: {type(error).__name__}: {error}") from error


def _extend(value: Any) -> Any:
    """Encode a value that msgpack does not know (msgpack calls this for each)."""
    if type(value) is int and abs(value) < 10**MAX_DIGITS:
        return msgpack.ExtType(_Code.INTEGER, str(value).encode())
    if isinstance(value, np.ndarray):
        return msgpack.ExtType(_Code.ARRAY, pack(_array_parts(value)))
    if isinstance(value, np.generic):
        return msgpack.ExtType(_Code.SCALAR, pack(_array_parts(np.asarray(value))))
    for code, parts in _PARTS.items():
        if type(value) is parts[0]:
            return msgpack.ExtType(code, pack(parts[1](value)))
    raise TypeError(f"{type(value).__name__} is not plain data")


_PARTS: dict[_Code, tuple[type, Callable[[Any], list[Any]]]] = {
    _Code.TUPLE: (tuple, list),
    _Code.RECORD: (Record, lambda r: [r.kind, r.fields, r.handle]),
    _Code.REFERENCE: (Reference, lambda r: [r.handle]),
    _Code.FUNCTION: (FunctionName, lambda f: [f.module, f.name]),
    _Code.TENSOR: (Tensor, lambda t: [np.asarray(t.array)]),
    _Code.TABLE: (Table, lambda t: [t.columns, t.index, t.data]),
}


def _array_parts(array: npt.NDArray[Any]) -> list[Any]:
    """Take an array apart: dtype, shape, bytes (numbers) or strings (text)."""
    shape = list(array.shape)
    if numbers := _NUMBERS.get(array.dtype.name):
        return [array.dtype.name, shape, array.astype(numbers).tobytes()]
    if array.dtype.kind in "OSUT":
        return [_TEXT, shape, [plain_text(item) for item in array.ravel().tolist()]]
    raise TypeError(f"an array of {array.dtype} is not plain data")


def plain_text(item: Any) -> str:
    """Return an item of an array of text as a plain ``str``.

    Raises:
        TypeError: It is not text.
    """
    if isinstance(item, bytes):
        return item.decode("utf-8", errors="replace")
    if isinstance(item, str):
        return str(item)
    raise TypeError(f"an array of {type(item).__name__} is not plain data")


class _Reader:
    """Decodes one message; each extension type contains a message of its own."""

    def __init__(self, build: Build, tally: Tally) -> None:
        self._build = build
        self._tally = tally
        self._bytes = 0

    def read(self, data: bytes, depth: int, *, is_array: bool = False) -> Any:
        # Every level of extensions copies what lies inside it.
        self._bytes += len(data)
        if self._bytes > MAX_COPIES * MAX_BYTES or depth > MAX_DEPTH:
            raise WireError(
                f"larger than allowed, or nested deeper than {MAX_DEPTH} levels"
            )
        value = msgpack.unpackb(
            data,
            ext_hook=lambda code, inner: self._extension(code, inner, depth + 1),
            list_hook=self._count,
            object_pairs_hook=lambda pairs: _mapping(self._count(pairs)),
            strict_map_key=False,
        )
        # The bytes of an array are numbers, and are counted as such.
        texts = (str,) if is_array else (str, bytes)
        self._look_through(value, MAX_DEPTH - depth, texts)
        return value

    def _count(self, items: list[Any]) -> list[Any]:
        """Refuse what takes little room on the wire but gigabytes here."""
        self._tally.add_items(len(items))
        return items

    def _look_through(self, value: Any, most: int, texts: tuple[type, ...]) -> None:
        """Count texts; refuse deep nesting and msgpack's own extra types."""
        kind = type(value)
        if kind in texts:
            self._tally.add_text(value)
        elif kind is msgpack.Timestamp:
            raise WireError("a time stamp is not plain data")
        elif kind is list or kind is dict:
            if most == 0:
                raise WireError(f"nested deeper than {MAX_DEPTH} levels")
            for item in value:
                self._look_through(item, most - 1, texts)
            for item in value.values() if kind is dict else ():
                self._look_through(item, most - 1, texts)

    def _extension(self, code: int, data: bytes, depth: int) -> Any:
        if code == _Code.INTEGER:
            return _whole_number(data)
        is_array = code in (_Code.ARRAY, _Code.SCALAR)
        parts = self.read(data, depth, is_array=is_array)
        if type(parts) is not list:
            raise WireError("an extension is made of a list")
        if code == _Code.TUPLE:
            return tuple(parts)
        if is_array:
            array = _array_of(*parts)
            self._tally.add_array(array)
            return array if code == _Code.ARRAY else array[()]
        if code == _Code.RECORD:
            self._tally.add_record()
        return self._build(_BUILDERS[_Code(code)](*parts))


def _whole_number(digits: bytes) -> int:
    if len(digits) > MAX_DIGITS + len("-"):
        raise WireError(f"a whole number of more than {MAX_DIGITS} digits")
    return int(digits)


def _mapping(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """Build a dict; refuse keys whose hashes a sender could make collide."""
    for key, _ in pairs:
        if type(key) is not str and (type(key) is not int or abs(key) >= 2**64):
            raise WireError("a key is neither a text nor a whole number")
    return dict(pairs)


_BUILDERS: dict[_Code, Callable[..., Any]] = {
    code: parts[0] for code, parts in _PARTS.items() if code is not _Code.TUPLE
}


def _array_of(dtype: str, shape: list[int], content: Any) -> npt.NDArray[Any]:
    """Put an array together again; the result is writable and owns its memory."""
    # An empty array may claim any length, and a sum over another axis would have it.
    if any(length > MAX_BYTES for length in shape):
        raise WireError(f"an array of shape {shape} is too large")
    if dtype == _TEXT:
        flat = np.empty(len(content), dtype=object)
        flat[:] = [plain_text(item) for item in content]
        return flat.reshape(shape)
    numbers = _NUMBERS[dtype]
    if len(content) != math.prod(shape) * numbers.itemsize:
        raise WireError(f"{len(content)} bytes are no {dtype} array of shape {shape}")
    array = np.frombuffer(content, dtype=numbers).reshape(shape)
    return array.astype(numbers.newbyteorder("="))
