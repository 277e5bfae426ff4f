"""Expectations: a failure says what was expected and what was got."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reelmark.checks import expect
from reelmark.checks.observations import Opaque, Weight
from reelmark.errors import Mismatch

RUBBISH = [
    *(None, True, 0, -1.5, math.nan, math.inf, "text", b"bytes", [], {}, ()),
    *([None], (np.zeros(2),), [[1], 2], {"a": np.zeros(2)}, 10**300),
    *(np.zeros((0, 3)), np.array(["a", "b"], object), np.array(None), np.float32(2)),
    *(np.full(3, np.nan), pd.DataFrame({"a": [1, 2]}), pd.DataFrame()),
    *(Opaque("object", "<object>"), Weight("kernel", (1,), "float32")),
]


def mismatch(check: Any, *args: Any, **options: Any) -> Mismatch:
    """Return the mismatch that a check raises."""
    with pytest.raises(Mismatch) as caught:
        check(*args, **options)
    return caught.value


class TestEqual:
    """Equality, type and all."""

    @pytest.mark.parametrize(
        ("got", "expected"),
        [(1, 1), ("a", "a"), ((None, 2), (None, 2)), ([1.0], [1]), (True, True)],
        ids=repr,
    )
    def test_equal_values_pass(self, got: Any, expected: Any) -> None:
        """Values of the same type that are equal are what was asked for."""
        expect.equal(got, expected, "it")

    @pytest.mark.parametrize(
        ("got", "expected"),
        [
            *((2, 1), (1, 1.0), ("1", 1), ([1], (1,)), (math.nan, math.nan)),
            *((None, 0), (np.ones(2), 1), ((np.ones(2),), (1,)), ([np.ones(2)], [1])),
            ({"a": np.ones(2)}, {"a": 1}),
        ],
        ids=repr,
    )
    def test_other_values_are_told(self, got: Any, expected: Any) -> None:
        """Other values and other types are shown side by side; none breaks it."""
        error = mismatch(expect.equal, got, expected, "its size", why="w", advice="a")
        assert error.summary == "its size is not what the brief asks for."
        assert (error.expected, error.got) == (
            str(expected),
            str(got) if got is not None else None,
        )
        assert (error.why, error.advice) == ("w", "a")

    @pytest.mark.parametrize("got", RUBBISH, ids=lambda value: repr(value)[:20])
    def test_rubbish_is_a_mismatch(self, got: Any) -> None:
        """Whatever a worker sends, comparing it does not break."""
        mismatch(expect.equal, got, (None, 32, 32, 16), "the shape")


class TestClose:
    """Numbers within a tolerance."""

    @pytest.mark.parametrize(
        ("got", "expected"),
        [
            (1.0, 1.0005),
            (1, 1.0),
            (np.float32(1), 1),
            (np.ones((2, 2)), np.ones((2, 2))),
            (np.zeros((0, 3)), np.zeros((0, 3))),
            (np.array([math.inf]), np.array([math.inf])),
        ],
        ids=["floats", "int", "numpy", "arrays", "empty", "infinity"],
    )
    def test_close_numbers_pass(self, got: Any, expected: Any) -> None:
        """Numbers within the tolerance are right."""
        expect.close(got, expected, "it", atol=1e-3)

    def test_first_wrong_place_is_told(self) -> None:
        """For an array, the first number that is off is shown."""
        got = np.array([[1.0, 2.0], [3.0, 5.0]])
        error = mismatch(expect.close, got, [[1, 2], [3, 4]], "the loss", atol=0.1)
        assert error.summary == "the loss is wrong (first at (1, 1))."
        assert (error.expected, error.got) == ("4", "5")

    def test_scalar_has_no_place(self) -> None:
        """A single number has no place to name."""
        error = mismatch(expect.close, 0.25, 0.5, "the loss", atol=0.1)
        assert error.summary == "the loss is wrong."
        assert (error.expected, error.got) == ("0.5", "0.25")

    def test_shape_comes_first(self) -> None:
        """Numbers of another shape are not compared."""
        error = mismatch(expect.close, np.ones(3), np.ones((3, 1)), "it", atol=1)
        assert error.summary == "it has the wrong shape."
        assert (error.expected, error.got) == ("(3, 1)", "(3,)")

    @pytest.mark.parametrize("got", [math.nan, np.array(math.nan)], ids=["py", "np"])
    def test_nan_is_close_to_nothing(self, got: Any) -> None:
        """Not-a-number satisfies no comparison, not even with itself."""
        mismatch(expect.close, got, math.nan, "it", atol=1e9)
        mismatch(expect.close, got, 0.5, "it", atol=10)

    @pytest.mark.parametrize("got", RUBBISH, ids=lambda value: repr(value)[:20])
    def test_rubbish_is_a_mismatch(self, got: Any) -> None:
        """Whatever a worker sends, comparing it does not break."""
        mismatch(expect.close, got, np.full((2, 2), 0.5), "it", atol=1e-6)


class TestKinds:
    """What kind of object was returned."""

    def test_value_of_the_kind_is_returned(self) -> None:
        """An object of the right kind can be used."""
        assert expect.kind(3, int, "a number") == 3

    def test_nothing_is_explained(self) -> None:
        """A function that returned nothing may lack its return."""
        error = mismatch(expect.kind, None, int, "a number", advice="a")
        assert error.summary == "returned None: is `return` missing?"
        assert (error.expected, error.got, error.advice) == ("a number", "None", "a")

    @pytest.mark.parametrize(
        ("value", "kind", "got"),
        [
            ("3", int, "str: '3'"),
            (True, int, "bool: True"),
            (3, float, "int: 3"),
            (np.float32(1), float, "float32: np.float32(1.0)"),
            (np.zeros((2, 3)), int, "an array of float64, shape (2, 3)"),
            ([1, "a"], int, "a list of 2: int, str"),
            (tuple(range(9)), int, "a tuple of 9: int, int, int, int, ..."),
            (Opaque("Tensor", "<tf.Tensor>"), int, "Tensor: <tf.Tensor>"),
            (Weight("kernel", (1,), "float32"), int, "a Weight"),
        ],
        ids=[
            *("text", "bool", "int", "numpy", "array", "list", "tuple", "opaque"),
            "observation",
        ],
    )
    def test_other_kinds_are_described(self, value: Any, kind: type, got: str) -> None:
        """The result is named as a student would call it."""
        error = mismatch(expect.kind, value, kind, "something else")
        assert error.summary == "returned something of the wrong kind."
        assert error.got == got

    @pytest.mark.parametrize("value", [(1, 2), [1, 2]], ids=["tuple", "list"])
    def test_pair_may_be_tuple_or_list(self, value: Any) -> None:
        """Several results come in either kind of sequence."""
        assert expect.items(value, 2, "a pair") == (1, 2)

    def test_wrong_number_of_results_is_told(self) -> None:
        """Three items are not a pair."""
        error = mismatch(expect.items, (1, 2, 3), 2, "a pair")
        assert error.summary == "returned the wrong number of things."
        assert (error.expected, error.got) == ("a pair", "a tuple of 3: int, int, int")

    def test_array_is_an_array(self) -> None:
        """A list of numbers is not an array."""
        assert expect.array(np.ones(2), "an array").tolist() == [1, 1]
        assert mismatch(expect.array, [1.0], "an array").got == "a list of 1: float"

    @pytest.mark.parametrize("value", RUBBISH[1:], ids=lambda value: repr(value)[:20])
    def test_rubbish_is_described(self, value: Any) -> None:
        """Whatever a worker sends can be named."""
        assert expect.describe(value)
        mismatch(expect.kind, value, complex, "a complex number")
        mismatch(expect.items, value, 7, "seven things")


class TestNumbers:
    """What can be computed with."""

    @pytest.mark.parametrize(
        "value", [1, 0.5, True, np.float32(1), np.ones(2, np.uint8)], ids=repr
    )
    def test_numbers_become_float64(self, value: Any) -> None:
        """Numbers of all kinds are compared as float64."""
        assert expect.numbers(value, "it").dtype == np.float64

    @pytest.mark.parametrize(
        "value",
        [
            "1",
            None,
            [1.0],
            {},
            np.array(["1"], object),
            10**300,
            pd.DataFrame({"a": [1]}),
        ],
        ids=["text", "none", "list", "dict", "texts", "long", "frame"],
    )
    def test_other_things_are_told(self, value: Any) -> None:
        """If there are no numbers, the message says what there is."""
        error = mismatch(expect.numbers, value, "the loss")
        assert error.summary == "the loss does not hold numbers."


def test_condition_that_holds_passes() -> None:
    """A condition that holds says nothing."""
    expect.that(True, "it is wrong.")
