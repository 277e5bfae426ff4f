"""Prints: the last lines that student code prints, as they were meant to be seen."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from reelmark.wire.assignment import MAX_PRINTED_LINES, MAX_PRINTED_WIDTH
from reelmark.worker.prints import Prints


@contextlib.contextmanager
def kept() -> Iterator[Prints]:
    """Standard output, kept."""
    before, prints = sys.stdout, Prints()
    prints.install()
    try:
        yield prints
    finally:
        sys.stdout = before


def test_lines_are_taken_once() -> None:
    """What was printed is taken with the number of its lines, and is gone then."""
    with kept() as prints:
        print("image", (300, 150, 3))
        print("end", end="")
        assert prints.take() == (2, "image (300, 150, 3)\nend")
        assert prints.take() == (0, "")


def test_last_lines_are_kept() -> None:
    """Of many lines the last ones are kept: what came just before the end."""
    with kept() as prints:
        for number in range(1_000):
            print(number)
        count, text = prints.take()
        lines = text.splitlines()
        assert (count, len(lines), lines[-1]) == (1_000, MAX_PRINTED_LINES, "999")


def test_long_line_is_cut() -> None:
    """A line is no wider than somebody reads, however long it was."""
    with kept() as prints:
        print("x" * 100_000)
        _, text = prints.take()
        assert len(text) == MAX_PRINTED_WIDTH
        assert text.endswith(" ...")


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("10%\r100%", "100%"),
        ("a\x00b", "a b"),
        ("\ud800", r"\ud800"),
    ],
    ids=["style", "carriage-return", "control", "surrogate"],
)
def test_line_is_as_a_terminal_shows_it(printed: str, seen: str) -> None:
    """Nothing of it reaches the terminal as a command."""
    with kept() as prints:
        print(printed)
        assert prints.take() == (1, seen)


def test_reports_of_keras_are_left_out() -> None:
    """Bars and epochs of Keras's are nothing that the student has said."""
    with kept() as prints:
        print("Epoch 1/2")
        print("\x1b[1m1/1\x1b[0m \x1b[32m━━━━\x1b[0m 1s 1s/step - loss: 0.7")
        print("best epoch: 1")
        assert prints.take() == (1, "best epoch: 1")


@pytest.mark.parametrize(
    "use",
    [
        lambda: sys.stdout.reconfigure(encoding="utf-8"),  # type: ignore[attr-defined]
        lambda: sys.stdout.fileno(),
        lambda: sys.stdout.isatty(),
        lambda: sys.stdout.buffer.write(b"x\n"),
        lambda: sys.stdout.flush(),
    ],
    ids=["reconfigure", "fileno", "isatty", "buffer", "flush"],
)
def test_it_is_used_as_standard_output_is(use: Any) -> None:
    """Code that does more than print to it goes on working."""
    with kept() as prints:
        use()
        print("on")
        assert prints.take()[1].endswith("on")


def test_closed_by_the_student() -> None:
    """Whoever closes it loses what they print, and nothing else."""
    with kept() as prints:
        sys.stdout.close()
        assert prints.take() == (0, "")
