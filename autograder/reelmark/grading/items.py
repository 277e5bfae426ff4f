"""Items: how each check does its work in a class, as test theory looks at it.

*Facility* is the share of a check's marks that the class has. *Discrimination* is
how much more of them the top third has than the bottom third, by the marks in
everything else: whether the check tells strong work from weak. Thirds rather than a
correlation, because anybody can say what they mean.
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
"""Submissions in a third; with fewer, thirds are not compared."""

FEW = 30
"""Submissions of a class in which a single one moves these figures by much."""

SETTLED = (*TRIED, *WAITING, Status.PASSED)
"""How a check ends of which the marks are earned or lost."""


@dataclass(frozen=True)
class Thirds:
    """The share of a check's marks that the top and the bottom third have."""

    top: float
    bottom: float

    @property
    def gap(self) -> float:
        """How much more the top third has; below 0, it has less."""
        return self.top - self.bottom


@dataclass(frozen=True)
class Item:
    """One check of the whole class.

    Attributes:
        task_id: The task that it belongs to.
        check: Its result in the first submission that has one.
        statuses: How many submissions have it in which state.
        facility: The share of its marks that the class has.
        thirds: What tells strong work from weak; None where submissions are too few.
        groups: Those who tried and missed, by what they did.
    """

    task_id: str
    check: CheckResult
    statuses: Counter[Status]
    facility: float
    thirds: Thirds | None
    groups: tuple[Group, ...]

    @property
    def num_missed(self) -> int:
        """How many tried and did not pass; a task not begun teaches no mistake."""
        return sum(self.statuses[status] for status in TRIED)

    @property
    def num_waiting(self) -> int:
        """How many have not come as far as this check."""
        return sum(self.statuses[status] for status in WAITING)


Answer = tuple[Result, CheckResult]
"""A submission, and its result of one check."""


def analyse(results: Iterable[Result], coursework: Coursework) -> list[Item]:
    """Return the checks of a class, the most missed first, then in their order."""
    places = {task.id: place for place, task in enumerate(coursework.tasks)}
    answers: dict[tuple[str, str], list[Answer]] = {}
    for result in results:
        for task in result.tasks:
            for check in task.checks:
                answers.setdefault((task.id, check.id), []).append((result, check))
    items = [_analyse_check(task_id, given) for (task_id, _), given in answers.items()]
    last = len(places)
    return sorted(
        items, key=lambda item: (-item.num_missed, places.get(item.task_id, last))
    )


def _analyse_check(task_id: str, answers: Sequence[Answer]) -> Item:
    settled = [answer for answer in answers if answer[1].status in SETTLED]
    return Item(
        task_id=task_id,
        check=answers[0][1],
        statuses=Counter(check.status for _, check in answers),
        facility=statistics.fmean([_share(check) for _, check in settled] or [0.0]),
        thirds=compare_thirds(
            [(result.total - check.marks, _share(check)) for result, check in settled]
        ),
        groups=tuple(group_students((r.student, check) for r, check in answers)),
    )


def compare_thirds(pairs: Sequence[tuple[float, float]]) -> Thirds | None:
    """Return how the top and the bottom third do at one check.

    Of those who are level where a third ends, each counts with the same part.

    Args:
        pairs: For each submission its marks in everything else, and its share of the
            marks of the check.
    """
    size = len(pairs) / 3
    if size < LEAST_THIRD:
        return None
    ordered = sorted(pairs)
    bottom, top = _average_first(ordered, size), _average_first(ordered[::-1], size)
    return Thirds(top, bottom)


def _average_first(pairs: Sequence[tuple[float, float]], size: float) -> float:
    """Return the mean share of the first ``size`` pairs, which need not be whole."""
    total, left = 0.0, size
    for _, level in itertools.groupby(pairs, key=lambda pair: pair[0]):
        shares = [share for _, share in level]
        counted = min(left, len(shares))
        total += counted * statistics.fmean(shares)
        left -= counted
    return total / size


def _share(check: CheckResult) -> float:
    return check.marks / check.max if check.max else float(check.marks > 0)
