"""Codec: values cross the wire exactly, and nothing else crosses it."""

from __future__ import annotations

import contextlib
import math
import pickle
from collections.abc import Callable
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.stage.properties import STEADY
from reelmark.wire import codec
from reelmark.wire.codec import (
    FunctionName,
    Record,
    Reference,
    Table,
    Tensor,
    WireError,
    pack,
    unpack,
)

KEYS = st.text(max_size=5) | st.integers(-(2**63), 2**64 - 1)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**codec.MAX_DIGITS) + 1, 10**codec.MAX_DIGITS - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=10)
    | st.binary(max_size=10)
)
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)
NUMBERS = ["bool", "int8", "uint8", "int64", "uint64", "float16", "float32", "float64"]


def types_in(value: Any) -> Any:
    """Return the exact types a value is made of, in its own form."""
    if isinstance(value, list | tuple):
        return type(value), [types_in(item) for item in value]
    if isinstance(value, dict):
        return dict, [(types_in(key), types_in(item)) for key, item in value.items()]
    return type(value)


def extension(code: int, parts: Any) -> bytes:
    """Pack a message as a stranger may write it."""
    return bytes(msgpack.packb(msgpack.ExtType(code, msgpack.packb(parts))))


def nest(levels: int, wrap: Callable[[Any], Any]) -> Any:
    """Return a value in ``levels`` containers."""
    value: Any = 0
    for _ in range(levels):
        value = wrap(value)
    return value


class TestRoundTrip:
    """Values that arrive as they were sent."""

    @STEADY
    @given(value=PLAIN)
    def test_plain_data_arrives_exactly(self, value: Any) -> None:
        """Numbers, texts, bytes, lists, tuples and dicts keep value and type."""
        arrived = unpack(pack(value))
        assert arrived == value
        assert types_in(arrived) == types_in(value)

    def test_nan_arrives(self) -> None:
        """Not-a-number is a number like any other."""
        assert math.isnan(unpack(pack(math.nan)))

    @pytest.mark.parametrize("dtype", NUMBERS)
    @pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)], ids=str)
    def test_array_of_numbers_arrives(self, dtype: str, shape: tuple[int, ...]) -> None:
        """An array keeps dtype, shape and values."""
        array = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
        arrived = unpack(pack(array))
        np.testing.assert_array_equal(arrived, array, strict=True)

    @pytest.mark.parametrize("dtype", [">f4", ">i8", "<f4"])
    def test_byte_order_does_not_matter(self, dtype: str) -> None:
        """Big-endian numbers arrive as the same numbers in the machine's order."""
        array = np.array([1.0, 2.5, -3.0], dtype=dtype)
        np.testing.assert_array_equal(unpack(pack(array)), array)

    def test_array_need_not_be_contiguous(self) -> None:
        """A transposed, stepped view arrives as what it shows."""
        view = np.arange(12).reshape(3, 4).T[::2]
        np.testing.assert_array_equal(unpack(pack(view)), view, strict=True)

    def test_array_is_writable(self) -> None:
        """A check may change the array it got."""
        arrived = unpack(pack(np.zeros(3)))
        arrived[0] = 1.0
        assert arrived.tolist() == [1.0, 0.0, 0.0]

    @pytest.mark.parametrize(
        "array",
        [np.array(["é", ""]), np.array([b"ab"]), np.array([["x"], [b"y"]], object)],
        ids=["str", "bytes", "object"],
    )
    def test_array_of_texts_arrives_as_objects(self, array: np.ndarray) -> None:
        """Texts arrive as str in an object array, whatever they were before."""
        arrived = unpack(pack(array))
        assert arrived.dtype == object
        assert arrived.shape == array.shape
        assert all(type(item) is str for item in arrived.ravel())

    @pytest.mark.parametrize("dtype", NUMBERS)
    def test_numpy_scalar_keeps_its_type(self, dtype: str) -> None:
        """A NumPy scalar does not become a Python number."""
        scalar = np.dtype(dtype).type(1)
        arrived = unpack(pack(scalar))
        assert type(arrived) is type(scalar)
        assert arrived == scalar

    @pytest.mark.parametrize(
        "part",
        [
            Record("Weight", {"shape": (1, 2)}, 3),
            Record("Spec", {}),
            Reference(7),
            FunctionName("cnn", "build_cnn"),
            Table(["a", 1], [(0, "x")], [[1.5], [None]]),
        ],
        ids=lambda part: type(part).__name__ + str(getattr(part, "handle", "")),
    )
    def test_parts_of_messages_arrive(self, part: Any) -> None:
        """Records, references, function names and tables keep their fields."""
        assert unpack(pack([part])) == [part]

    def test_tensor_arrives_as_an_array_in_a_wrapper(self) -> None:
        """A tensor crosses as the array it holds."""
        arrived = unpack(pack(Tensor(np.ones(2, np.float32))))
        assert type(arrived) is Tensor
        np.testing.assert_array_equal(arrived.array, np.ones(2, np.float32))

    def test_build_takes_the_place_of_parts(self) -> None:
        """What the reader builds of a record stands where the record stood."""
        message = {"value": [Record("Spec", {}), 1]}
        assert unpack(pack(message), lambda part: part.kind) == {"value": ["Spec", 1]}


class TestRefusalToSend:
    """Values that are not plain data."""

    @pytest.mark.parametrize(
        "value",
        [
            object(),
            {1, 2},
            1j,
            type("Text", (str,), {})("x"),
            type("Number", (int,), {})(1),
            np.array([1j]),
            np.array([object()]),
            np.datetime64("2024-01-01"),
            np.zeros(2, np.longdouble),
            "\ud800",
            10**codec.MAX_DIGITS,
        ],
        ids=[
            *("object", "set", "complex", "str-subclass", "int-subclass"),
            *("complex-array", "object-array", "date", "longdouble", "surrogate"),
            "long-number",
        ],
    )
    def test_other_values_are_refused(self, value: Any) -> None:
        """Objects, subclasses and exotic numbers are refused, also inside a list."""
        with pytest.raises(WireError, match="cannot be sent"):
            pack([(value,)])

    @pytest.mark.parametrize("kind", [list, tuple])
    def test_endless_nesting_is_refused(self, kind: type) -> None:
        """A list that holds itself is refused, however it is wrapped."""
        loop: list[Any] = []
        loop.append(kind([loop]))
        with pytest.raises(WireError, match="cannot be sent"):
            pack(loop)

    def test_message_beyond_the_limit_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A message larger than the limit is refused with its size."""
        monkeypatch.setattr(codec, "MAX_BYTES", 100)
        with pytest.raises(WireError, match="too large to send: 1,0"):
            pack(b"x" * 1_000)


class TestHostileBytes:
    """Bytes that no kit has made."""

    @STEADY
    @given(data=st.binary(max_size=60))
    def test_any_bytes_give_a_value_or_a_wire_error(self, data: bytes) -> None:
        """Bytes of any kind raise only WireError."""
        with contextlib.suppress(WireError):
            unpack(data)

    @STEADY
    @given(code=st.integers(0, 20), parts=PLAIN)
    def test_any_extension_gives_a_value_or_a_wire_error(
        self, code: int, parts: Any
    ) -> None:
        """Extensions with any content raise only WireError."""
        inner = pack(parts)
        with contextlib.suppress(WireError):
            unpack(msgpack.packb(msgpack.ExtType(code, inner)))

    @STEADY
    @given(
        parts=st.tuples(
            st.sampled_from([*NUMBERS, "text", "O", "V8", "<M8[s]", ">f4", "f16"])
            | PLAIN,
            st.lists(st.integers(-3, 2**70) | st.floats(), max_size=4) | PLAIN,
            st.binary(max_size=16) | PLAIN,
        )
    )
    def test_any_array_gives_a_value_or_a_wire_error(self, parts: Any) -> None:
        """Arrays that contradict themselves are refused, and never misread."""
        inner = pack(list(parts))
        try:
            array = unpack(msgpack.packb(msgpack.ExtType(2, inner)))
        except WireError:
            return
        assert array.dtype.kind in "biufO"

    def test_pickle_is_not_understood(self) -> None:
        """A pickle is bytes without meaning: nothing of it is run."""
        with pytest.raises(WireError, match="no message"):
            unpack(pickle.dumps(print))

    @pytest.mark.parametrize(
        "wrap",
        [lambda v: [v], lambda v: {"a": v}, lambda v: (v,)],
        ids=["lists", "dicts", "tuples"],
    )
    def test_deep_nesting_is_refused(self, wrap: Callable[[Any], Any]) -> None:
        """Nesting so deep that ``repr`` might fail is refused."""
        data = pack(nest(codec.MAX_DEPTH + 1, wrap))
        with pytest.raises(WireError, match="deeper than 24"):
            unpack(data)

    def test_depth_of_a_record_counts(self) -> None:
        """The fields of a record may not be nested more deeply than a value."""
        deep = nest(codec.MAX_DEPTH, lambda value: [value])
        with pytest.raises(WireError, match="deeper than 24"):
            unpack(pack(Record("Layer", {"config": deep})))

    @pytest.mark.parametrize("unit", [[], {}], ids=["lists", "dicts"])
    def test_small_bytes_of_many_items_are_refused(self, unit: Any) -> None:
        """A message that takes a thousand times its size in memory is refused."""
        with pytest.raises(WireError, match="more than 1,000,000 items"):
            unpack(msgpack.packb([[unit] * 400] * 1_300))

    def test_copies_in_copies_are_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Extensions in extensions are not copied for ever."""
        monkeypatch.setattr(codec, "MAX_BYTES", 1_000)
        data = pack((((((b"x" * 900,),),),),))
        with pytest.raises(WireError, match="larger than allowed"):
            unpack(data)

    @pytest.mark.parametrize(
        "key", [(1,), 1.5, None, b"a", True, (2**61 - 1) << 80], ids=repr
    )
    def test_only_texts_and_short_numbers_are_keys(self, key: Any) -> None:
        """A sender cannot choose keys whose hashes collide."""
        data = pack({key: 1})
        with pytest.raises(WireError, match="a key is neither"):
            unpack(data)

    def test_overlong_number_is_refused(self) -> None:
        """A number with too many digits is refused, not cut."""
        data = msgpack.packb(msgpack.ExtType(4, b"9" * (codec.MAX_DIGITS + 2)))
        with pytest.raises(WireError, match="more than 300 digits"):
            unpack(data)

    def test_time_stamp_is_refused(self) -> None:
        """A type that msgpack knows and the kit does not is refused."""
        with pytest.raises(WireError, match="time stamp"):
            unpack(msgpack.packb([msgpack.Timestamp(1)]))

    def test_empty_array_may_not_claim_a_huge_shape(self) -> None:
        """An array without numbers has no length that a sum would fill."""
        with pytest.raises(WireError, match="too large"):
            unpack(extension(2, ["float64", [0, 2**40], b""]))

    @pytest.mark.parametrize(
        "parts",
        [
            [["a"], [0], [[1], [2]]],
            [["a"], [0, 1], [[1]]],
            [["a"], 5, [[1]]],
            [["a"], [0], [7]],
            [["a"], list(range(9)), [[1]]],
        ],
        ids=["columns", "rows", "no-index", "scalar-column", "broadcast"],
    )
    def test_tables_of_unequal_parts_are_refused(self, parts: Any) -> None:
        """A table cannot make a small message fill the memory."""
        with pytest.raises(WireError):
            unpack(extension(9, parts))
