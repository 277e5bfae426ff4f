"""Rulings: everything that an instructor has decided about the marks of a class.

There are two files beside the results. ``decisions.csv`` says what a check that needs
a look earns, for everybody who met the same fault. ``adjustments.csv`` says what one
student earns, whatever was found or decided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

from reelmark.manifest import Task
from reelmark.results import Result
from reelmark.rulings.adjustments import NAME as ADJUSTMENTS
from reelmark.rulings.adjustments import Adjustments, read_adjustments
from reelmark.rulings.decisions import NAME as DECISIONS
from reelmark.rulings.decisions import Decisions

FILES = (DECISIONS, ADJUSTMENTS)


class Rulings:
    """The decisions and the adjustments of a class.

    Args:
        decisions: What checks that need a look earn.
        adjustments: What single students earn.
    """

    def __init__(self, decisions: Decisions, adjustments: Adjustments) -> None:
        self._decisions = decisions
        self._adjustments = adjustments

    @property
    def digest(self) -> str:
        """A digest that changes whenever the rulings change."""
        told = repr([self._decisions.made, self._adjustments.entries])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def apply(self, found: Result) -> Result:
        """Return the result that counts."""
        return self._adjustments.apply(self._decisions.apply(found))

    def expect_known(self, results: Iterable[Result]) -> None:
        """Expect each to name an existing check, and no more than its marks.

        Raises:
            UsageError: One does not; the message names its line.
        """
        known = list(results)
        self._decisions.expect_known(known)
        self._adjustments.expect_known(known)


def read_rulings(
    out: Path,
    students: Collection[str] = (),
    results: Iterable[Result] = (),
    tasks: Iterable[Task] = (),
) -> Rulings:
    """Read the rulings in the folder of a class.

    Args:
        out: The class's folder.
        students: Everybody who has, or had, a submission.
        results: Earlier results, from which checks are known.
        tasks: The tasks of the coursework; without results, nothing else is known.

    Raises:
        UsageError: A file cannot be read, or something in it makes no sense.
    """
    decisions = Decisions(out / DECISIONS)
    adjustments = read_adjustments(out / ADJUSTMENTS, students, results, tasks)
    return Rulings(decisions, adjustments)
