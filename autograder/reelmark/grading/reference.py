"""The reference: marked in the same run as the class, it tells whose a fault is.

A check may end in a way its author did not foresee because a library has changed, or
because somebody found out how to break it. At the first the reference meets the same
fault, on the same machine, in the same run; at the second it does not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping

from reelmark.marking.faults import EVERYTHING, find_roots
from reelmark.results import Result

Mark = Callable[[tuple[str, ...]], Result | None]
"""Marks the reference in some tasks, or in all if none is named.

It returns None where there is no reference, or no result.
"""


class Reference:
    """What is known in a run of the faults that the reference meets.

    Each check is looked at once, however many submissions break at it.

    Args:
        mark: Marks the reference.
    """

    def __init__(self, mark: Mark) -> None:
        self._mark = mark
        self._lock = threading.Lock()
        self._asked: set[str] = set()
        self._faulty: frozenset[str] = frozenset()

    @property
    def known(self) -> tuple[str, ...]:
        """Ids of the checks at which it is known to meet a fault.

        Nobody who asks waits while it is being marked.
        """
        return tuple(sorted(self._faulty))

    def note(self, result: Result) -> None:
        """Take note of a result of the reference: its checks need no further look."""
        with self._lock:
            self._note(result)

    def faults_at(self, met: Mapping[str, str]) -> tuple[str, ...]:
        """Return at which of these checks the reference meets a fault too.

        Args:
            met: The ids of checks, and the id of each one's task.
        """
        with self._lock:
            new = met.keys() - self._asked
            if new:
                self._ask(new, {met[check] for check in new})
            return tuple(sorted(self._faulty & met.keys()))

    def _ask(self, checks: Collection[str], tasks: Collection[str]) -> None:
        every = EVERYTHING in checks
        result = self._mark(() if every else tuple(sorted(tasks)))
        self._asked.update(checks)
        if result:
            self._note(result)

    def _note(self, result: Result) -> None:
        self._asked.update(check.id for task in result.tasks for check in task.checks)
        self._faulty |= find_roots(result).keys()
