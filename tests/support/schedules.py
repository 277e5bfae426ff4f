"""Learning rates: those of the brief, and those of a student's schedule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from reelmark.checks import (
    Callback,
    NotStarted,
    StudentError,
    Submission,
    expect,
    shared,
)
from support.checkpoints import expect_callback

FIRST_FALLING = 10
FACTOR = 0.990049833749168  # exp(-0.01)

RATE_TOLERANCE = 1e-3
"""Relative tolerance. Rates pass through float32, or are differences of such numbers,
which are good to 1e-4; one step of the schedule is 1e-2."""

BRIEFS_RATE = 1e-4
"""The brief's initial learning rate."""

FALLEN_TWICE = (
    "That is the fall of all epochs since index 10 at once. The rate that comes in is "
    "the one of the epoch before, and has fallen already."
)
RISING = "The rate grows by that factor: exp() of a positive number is above 1."
NOT_THE_GIVEN = (
    "That is the answer for 1e-4, the rate of the brief. Another one came in."
)

NUMBERS: Any = (int, float, np.generic, np.ndarray)


def expect_rate(value: Any, epoch: int, rate: float) -> None:
    """Expect the right result of ``scheduler(epoch, rate)``."""
    expect.kind(value, NUMBERS, "a learning rate, as a float")
    number = expect.numbers(value, "the learning rate")
    why, advice = _explain_rate(number, epoch, rate)
    expect.close(
        value,
        follow_brief(rate, [epoch])[0],
        "the learning rate",
        atol=rate * 1e-6,  # ten roundings to float32
        why=why,
        advice=advice,
    )


def follow_brief(rate: float, epochs: Sequence[int]) -> list[float]:
    """Return the learning rates of some epochs in turn, according to the brief."""
    rates = []
    for epoch in epochs:
        rate = rate if epoch < FIRST_FALLING else rate * FACTOR
        rates.append(rate)
    return rates


def possible_rates(
    submission: Submission, rate: float, epochs: Sequence[int]
) -> list[list[float]]:
    """Return the learning rates that a run may have: the brief's, ``scheduler``'s.

    Rates that never change are left out: they do not show whether a schedule was
    applied at all.
    """
    own = _follow_own(submission, rate, epochs)
    tells = any(abs(other - rate) > RATE_TOLERANCE * rate for other in own)
    return [follow_brief(rate, epochs), *([own] if tells else [])]


def expect_rates(
    submission: Submission, got: Any, rate: float, epochs: Sequence[int]
) -> None:
    """Expect the learning rates of a run that begins with ``rate``."""
    possible = possible_rates(submission, rate, epochs)
    rates = read_numbers(got, len(epochs))
    if any(np.allclose(rates, them, rtol=RATE_TOLERANCE, atol=0) for them in possible):
        return
    expected = possible[-1]
    off = np.abs(np.subtract(rates, expected)) <= RATE_TOLERANCE * np.abs(expected)
    place = int(np.argmin(off))  # the first False; a NaN counts as one
    constant = bool(np.allclose(rates, rate, rtol=RATE_TOLERANCE, atol=0))
    expect.that(
        False,
        "the learning rates are not those that scheduler() gives.",
        expected=f"{expected[place]:.5g} in the epoch of index {epochs[place]}",
        got=f"{rates[place]:.5g}",
        why="The learning rate never changed." * constant,
        advice="Is scheduler() asked at the start of every epoch, and its answer used?",
    )


@shared
def get_rates(submission: Submission, rate: float, epochs: tuple[int, ...]) -> Any:
    """Let the student's callback set the learning rates of some epochs."""
    callback = expect_lr_callback(submission.callbacks.build_lr_callback())
    return submission.ingredients.follow_rates(callback, rate, list(epochs))


def expect_lr_callback(value: Any) -> Callback:
    """Expect a ``LearningRateScheduler``; return it."""
    return expect_callback(value, "LearningRateScheduler")


def read_numbers(values: Any, count: int) -> list[float]:
    """Expect a list of ``count`` numbers."""
    numbers = expect.items(values, count, f"{count} numbers")
    return [expect.kind(number, float, "a number") for number in numbers]


def _follow_own(
    submission: Submission, rate: float, epochs: Sequence[int]
) -> list[float]:
    """Return the rates that ``scheduler`` gives in turn; empty if it is of no use."""
    rates = []
    for epoch in epochs:
        try:
            rate = submission.callbacks.scheduler(epoch, rate)
        except (NotStarted, StudentError):
            return []
        if not isinstance(rate, float | np.floating) or not math.isfinite(rate):
            return []
        rates.append(float(rate))
    return rates


def _explain_rate(number: Any, epoch: int, rate: float) -> tuple[str, str]:
    """Say which mistake leads to a wrong learning rate, and what to do."""
    falls = epoch >= FIRST_FALLING
    power = epoch - FIRST_FALLING + 1

    def is_rate(other: float) -> bool:
        return np.shape(number) == () and math.isclose(number, other, rel_tol=1e-6)

    count = "Count from 0: which index has the tenth epoch?"
    if falls and is_rate(rate):
        return "The rate has not fallen yet, but from index 10 on it should.", count
    if not falls and is_rate(rate * FACTOR):
        return "The rate falls already, but up to index 9 it should not.", count
    mistakes = {
        FALLEN_TWICE: power > 1 and is_rate(rate * FACTOR**power),
        RISING: falls and is_rate(rate / FACTOR),
        NOT_THE_GIVEN: is_rate(follow_brief(BRIEFS_RATE, [epoch])[0]),
    }
    why = next((words for words, holds in mistakes.items() if holds), "")
    return why, "The answer follows from the index and from the rate that comes in."
