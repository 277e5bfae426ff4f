"""Layout: a message in a narrow terminal breaks between words, never in a number."""

from __future__ import annotations

import pytest

from reelmark.errors import Mismatch
from reelmark.manifest import Task
from reelmark.marking.messages import write_message
from reelmark.practice.layout import fit_message

TASK = Task("1a", "Weigh", "1", "flour", "weigh", 1.0, 5, (), ())
MESSAGE = write_message(
    TASK,
    "It weighs.",
    Mismatch(
        "the weights of all the flour that was bought for the bread are wrong.",
        expected="0.123456789, 0.234567891, 0.345678912, 0.456789123, 0.567891234",
        got="0.123456789, 0.234567891, 0.345678912, 0.456789123, 0.999999999",
        why="The scales were not set to zero before the flour was put on them, "
        "so each weight has that of the bowl in it.",
    ),
)


@pytest.mark.parametrize("width", [40, 60, 80])
def test_words_and_numbers_stay_whole(width: int) -> None:
    """No line is wider than the terminal, and no word or number is broken."""
    fitting = fit_message(MESSAGE, width)
    assert max(map(len, fitting.splitlines())) <= width
    assert fitting.split() == MESSAGE.split()


def test_wide_terminal_changes_nothing() -> None:
    """Where there is room, a message is as it was written."""
    assert fit_message(MESSAGE, 88) == MESSAGE


def test_lines_that_go_on_stay_below_their_part() -> None:
    """What belongs to a part begins below its first word."""
    lines = fit_message(MESSAGE, 60).splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("  Why"))
    assert all(line.startswith(" " * 12) for line in lines[start + 1 :])
