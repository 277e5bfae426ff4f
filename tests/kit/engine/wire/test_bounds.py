"""Bounds: a message's contents are counted while it is read, whatever its size."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reelmark.wire.bounds import Bounds, Tally, TooMuch
from reelmark.wire.codec import Record, Table, WireError, pack, unpack

BOUNDS = Bounds(
    items=40,
    records=3,
    characters=100,
    breaks=8,
    numbers=50,
    text=60,
    lines=5,
    array=30,
)


def receive(value: Any, bounds: Bounds = BOUNDS) -> Tally:
    """Receive a message; return what was counted in it."""
    tally = Tally(bounds)
    unpack(pack(value), tally=tally)
    return tally


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("x" * 61, "a text of 61 characters"),
        (b"x" * 61, "a text of 61 characters"),
        ({"x" * 61: 1}, "a text of 61 characters"),
        (["x" * 60, "x" * 41], "more than 100 characters"),
        ("\n" * 6, "a text of 6 lines"),
        ("\r" * 6, "a text of 6 lines"),
        ("\u2028" * 6, "a text of 6 lines"),
        (["\n" * 4, "\n" * 5], "more than 8 lines"),
        (np.zeros(31, np.int8), "an array of 31 numbers"),
        (np.zeros(31, bool), "an array of 31 numbers"),
        ([np.zeros(30), np.zeros(21)], "more than 50 numbers"),
        (np.array(["x"] * 31), "an array of 31 numbers"),
        (np.array(["x" * 60, "x" * 41], object), "more than 100 characters"),
        ([None] * 41, "more than 40 items"),
        ((0,) * 41, "more than 40 items"),
        ([Record("Spec", {}), *[Record("Spec", {})] * 3], "more than 3 observations"),
        (Table(["a"], [0], [["x" * 61]]), "a text of 61 characters"),
        ([1, [2, ("x" * 61,)]], "a text of 61 characters"),
    ],
    ids=itertools.count(),
)
def test_too_much_is_refused_in_words(value: Any, words: str) -> None:
    """One by one and in sum, whatever it lies in, and however few its bytes."""
    with pytest.raises(WireError, match=f"it holds {words}"):
        receive(value)


def test_what_fits_is_counted() -> None:
    """What is within the bounds arrives, and is counted kind by kind."""
    tally = receive([{"ab": "c\nd"}, np.zeros(7), np.float32(1), Record("Spec", {})])
    counted = (tally.characters, tally.breaks, tally.numbers, tally.records)
    assert counted == (len("abc\ndfloat64float32Spec"), 2, 8, 1)


def test_sums_grow_from_message_to_message() -> None:
    """Messages that fit one by one may be too much together."""
    whole = Tally(BOUNDS.times(2))
    for _ in range(2):
        whole.add(receive(np.zeros(30)))
    whole.add(receive(np.zeros(30)))
    with pytest.raises(TooMuch, match="more than 100 numbers"):
        whole.add(receive(np.zeros(30)))


def test_more_messages_do_not_raise_the_bounds_of_one_thing() -> None:
    """Only sums grow with the number of messages."""
    twice = BOUNDS.times(2)
    single = ("text", "lines", "array")
    grown = {name: 2 * vars(BOUNDS)[name] for name in vars(BOUNDS)}
    kept = {name: vars(BOUNDS)[name] for name in single}
    assert twice == replace(Bounds(**grown), **kept)
