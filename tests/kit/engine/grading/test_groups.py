"""Groups: students who did the same in a check, judged by their messages."""

from __future__ import annotations

import pytest

from reelmark.grading.groups import describe_finding, group_students
from reelmark.results import CheckResult, Status

MESSAGE = """\
2a-i  build_cnn(): layer "Conv0" has the wrong output shape.

  expected  (batch, 32, 32, 16)
  got       (batch, 31, 31, 16)

  Why       A 3 x 3 kernel with stride 2 fits 31 times.
  Next      Compare the output shapes.
"""
RAISED = """\
2a-i  build_cnn(): raised KeyError.

  got       KeyError: 'flour'
  at        cnn.py, line 23:  return shelf[name]

  Next      Read the line above.
"""
ROWS = """\
2a-i  build_cnn(): layer 16 is not the one of the table.

        expected              got
    15  MaxPooling2D (Pool3)  MaxPooling2D (Pool3)
  > 16  Flatten (Flat)        GlobalAveragePooling2D (Flat)

  Next      Print model.summary().
"""


def failed(
    message: str, *, detail: str = "", status: Status = Status.FAILED
) -> CheckResult:
    """Return a check that ended with a message."""
    return CheckResult(
        "public/x", "It holds.", False, status, 0, 1, message, 0, detail=detail
    )


def count(*checks: CheckResult) -> list[int]:
    """Return how many students each group has; every one has one of the checks."""
    missed = [(f"student {n}", check) for n, check in enumerate(checks)]
    return [len(group.students) for group in group_students(missed)]


@pytest.mark.parametrize(
    ("message", "old", "new"),
    [
        (MESSAGE, "31", "30"),
        (MESSAGE, "Conv0", "Conv5"),
        (MESSAGE, "Next      Compare", "Next      Look at"),
        (RAISED, "'flour'", "'sugar'"),
        (RAISED, "cnn.py, line 23:  return shelf[name]", "cnn.py, line 7:  x = y[z]"),
    ],
)
def test_same_mistake_is_one_group(message: str, old: str, new: str) -> None:
    """Numbers, quoted names, places and advice do not make a different mistake."""
    assert count(failed(message), failed(message.replace(old, new))) == [2]


@pytest.mark.parametrize(
    ("message", "old", "new"),
    [
        (MESSAGE, "wrong output shape", "wrong number of filters"),
        (
            MESSAGE,
            "A 3 x 3 kernel with stride 2 fits",
            "Nothing is added at the border",
        ),
        (RAISED, "KeyError", "IndexError"),
        (ROWS, "GlobalAveragePooling2D", "Dense"),
    ],
)
def test_other_mistake_is_another_group(message: str, old: str, new: str) -> None:
    """A different finding, cause, exception or layer is a different mistake."""
    assert count(failed(message), failed(message.replace(old, new))) == [1, 1]


def test_hidden_checks_are_grouped_by_what_they_saw() -> None:
    """Students are told the same; the instructor sees that they did not do the same."""
    told = "2a-i  build_cnn(): this does not hold: It holds."
    one, other = failed(told, detail=MESSAGE), failed(told, detail=RAISED)
    assert count(one, other, one) == [2, 1]


def test_another_end_is_another_group() -> None:
    """Running out of time is not the same as failing."""
    assert count(failed(MESSAGE), failed(MESSAGE, status=Status.TIMED_OUT)) == [1, 1]


@pytest.mark.parametrize(
    "status", [Status.PASSED, Status.NOT_STARTED, Status.NOT_CHECKED, Status.KIT_FAULT]
)
def test_who_did_not_try_is_in_no_group(status: Status) -> None:
    """An unstarted task shows no mistake, and neither does the checker's own fault."""
    assert count(failed(MESSAGE, status=status)) == []


def test_largest_group_comes_first() -> None:
    """An instructor reads first what most did."""
    assert count(failed(RAISED), failed(MESSAGE), failed(MESSAGE)) == [2, 1]


@pytest.mark.parametrize(
    ("message", "title"),
    [
        (MESSAGE, "A 3 x 3 kernel with stride 2 fits 31 times."),
        (RAISED, "KeyError: 'flour'"),
        (
            ROWS,
            "Layer 16 is not the one of the table. Got GlobalAveragePooling2D (Flat)",
        ),
        ("no message at all", "No message at all"),
        ("", ""),
    ],
)
def test_group_is_called_what_its_students_did(message: str, title: str) -> None:
    """The cause if one was proved, else what was found, in the message's words."""
    assert describe_finding(message) == title
