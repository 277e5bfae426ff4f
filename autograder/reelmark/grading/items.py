"""Items: how well each check works in a class, in the terms of test theory.

*Facility* is the share of a check's marks that the class earned. *Discrimination* is
how much more of them the top third earned than the bottom third, ranked by the marks
in everything else: whether the check tells strong work from weak. Thirds are used
rather than a correlation because everybody understands what they mean.
"""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reelmark.grading.groups import TRIED, Group, group_students
from reelmark.manifest import Coursework
from reelmark.results import CheckResult, Result, Status

WAITING = (Status.NOT_STARTED, Status.NOT_CHECKED)

LEAST_THIRD = 3
"""Submissions needed in a third; with fewer, thirds are not compared."""

FEW = 30
"""In a class of fewer submissions, a single one changes these figures a lot."""

SETTLED = (*TRIED, *WAITING, Status.DECIDED, Status.PASSED)
"""States of a check whose marks are either earned or lost."""


@dataclass(frozen=True)
class Thirds:
    """The shares of a check's marks that the top and the bottom third earned."""

    top: float
    bottom: float

    @property
    def gap(self) -> float:
        """How much more the top third earned; negative if it earned less."""
        return self.top - self.bottom

    @property
    def verdict(self) -> str:
        """What that says about the check, for somebody who knows no test theory."""
        return next(words for least, words in _VERDICTS if self.gap >= least)


_VERDICTS = (
    (0.4, "it clearly tells strong work from weak"),
    (0.2, "it tells strong work from weak"),
    (0.05, "it hardly tells strong work from weak"),
    (-0.05, "it tells nobody apart"),
    (-1.0, "the wrong way round: read this check again"),
)
"""The gaps from which each verdict holds; the usual bounds of test theory."""


@dataclass(frozen=True)
class Item:
    """One check of the whole class.

    Attributes:
        task_id: The task that it belongs to.
        place: Its position in the coursework's order, from 0.
        check: Its result in the first submission that has one.
        statuses: How many submissions have it in each state.
        facility: The share of its marks that the class earned.
        thirds: Whether it tells strong work from weak; None for too few submissions.
        groups: Those who tried and missed, by what they did.
    """

    task_id: str
    place: int
    check: CheckResult
    statuses: Counter[Status]
    facility: float
    thirds: Thirds | None
    groups: tuple[Group, ...]

    @property
    def num_missed(self) -> int:
        """How many tried and did not pass; unstarted tasks show no mistake."""
        return sum(self.statuses[status] for status in TRIED)

    @property
    def num_waiting(self) -> int:
        """How many have not got as far as this check."""
        return sum(self.statuses[status] for status in WAITING)


Answer = tuple[Result, CheckResult]
"""A submission, and its result in one check."""


def analyse(results: Iterable[Result], coursework: Coursework) -> list[Item]:
    """Return the checks of a class, in the order of the coursework's tasks."""
    answers: dict[tuple[str, str], list[Answer]] = {}
    for result in results:
        for task in result.tasks:
            for check in task.checks:
                answers.setdefault((task.id, check.id), []).append((result, check))
    tasks = [task.id for task in coursework.tasks]
    known = [
        key
        for key, given in answers.items()
        if key[0] in tasks and any(check.status in SETTLED for _, check in given)
    ]
    known.sort(key=lambda key: tasks.index(key[0]))
    return [
        _analyse_check(task_id, place, answers[task_id, check_id])
        for place, (task_id, check_id) in enumerate(known)
    ]


def _analyse_check(task_id: str, place: int, answers: Sequence[Answer]) -> Item:
    settled = [answer for answer in answers if answer[1].status in SETTLED]
    return Item(
        task_id=task_id,
        place=place,
        check=answers[0][1],
        statuses=Counter(check.status for _, check in answers),
        facility=statistics.fmean([_share(check) for _, check in settled] or [0.0]),
        thirds=compare_thirds([(_rest(*each), _share(each[1])) for each in settled]),
        groups=tuple(group_students((r.student, check) for r, check in answers)),
    )


def _rest(result: Result, check: CheckResult) -> float:
    """Return the marks in everything else, rounded so that equal ones compare equal."""
    return round(result.total - check.marks, 2)


def compare_thirds(pairs: Sequence[tuple[float, float]]) -> Thirds | None:
    """Return how the top and the bottom third do in one check.

    Submissions that are tied where a third ends all count with the same fraction.

    Args:
        pairs: For each submission, its marks in everything else, and its share of
            the check's marks.
    """
    size = len(pairs) / 3
    if size < LEAST_THIRD:
        return None
    ordered = sorted(pairs)
    bottom, top = _average_first(ordered, size), _average_first(ordered[::-1], size)
    return Thirds(top, bottom)


def _average_first(pairs: Sequence[tuple[float, float]], size: float) -> float:
    """Return the mean share of the first ``size`` pairs; ``size`` may be fractional."""
    total, left = 0.0, size
    for _, level in itertools.groupby(pairs, key=lambda pair: pair[0]):
        shares = [share for _, share in level]
        counted = min(left, len(shares))
        total += counted * statistics.fmean(shares)
        left -= counted
    return total / size


def _share(check: CheckResult) -> float:
    return check.marks / check.max if check.max else float(check.marks > 0)
