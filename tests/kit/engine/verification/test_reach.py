"""Reach: in which tasks a mutant can be noticed."""

from __future__ import annotations

import pytest

from reelmark.manifest import Task
from reelmark.verification.reach import Reach

SHARED = """
LIMIT = 3

def first(x):
    return _shared(x)

@decorated
def second(x):
    return LIMIT

def _shared(x):
    return _deeper(x)

def _deeper(x):
    return x

def _unused(x):
    return x
"""


@pytest.mark.parametrize(
    ("line", "reached"),
    [
        ("return _shared(x)", ("1",)),
        ("return _deeper(x)", ("1",)),
        ("@decorated", ("2",)),
        ("return LIMIT", ("2",)),
        ("LIMIT = 3", ("1", "2")),
        ("def _unused(x):", ("1", "2")),
    ],
)
def test_change_reaches_the_tasks_that_use_it(
    line: str, reached: tuple[str, ...]
) -> None:
    """A mutant is checked in the tasks whose functions use what it changes."""
    lines = SHARED.splitlines()
    (number,) = (n for n, text in enumerate(lines, 1) if text.strip() == line)
    tasks = [
        Task(name, "", "1", "shared", function, 1, 5, (), ())
        for name, function in (("1", "first"), ("2", "second"))
    ]
    assert Reach(tasks, SHARED).find_tasks(number) == reached
