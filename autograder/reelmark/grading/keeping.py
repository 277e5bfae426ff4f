"""Keeping: which tasks of a submission must be marked again, and which are kept.

The verdict on a task depends on the submission, on what its fingerprint covers (the
engine, its checks and everything they use: `dependencies`), and on whether the tasks
that it needs have passed: stand-ins are used only if one of them has not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from reelmark.manifest import Coursework, Task
from reelmark.results import Result, Status, TaskResult


class Keeping:
    """Decides which earlier results still hold.

    Args:
        coursework: The coursework.
        fingerprints: By task, the current hash of everything that decides its verdict,
            except the submission.
        again: Ids of the tasks to mark again although nothing changed.
    """

    def __init__(
        self,
        coursework: Coursework,
        fingerprints: Mapping[str, str],
        again: Collection[str] = (),
    ) -> None:
        self._tasks = coursework.tasks
        self._fingerprints = fingerprints
        self._again = frozenset(again)

    @property
    def checked(self) -> frozenset[str]:
        """The ids of the tasks that have checks."""
        return frozenset(self._fingerprints)

    def sign(self, found: Result) -> Result:
        """Return a new result with the fingerprints that it was found with."""
        now = self._fingerprints
        tasks = [replace(t, fingerprint=now.get(t.id, "")) for t in found.tasks]
        return replace(found, tasks=tuple(tasks))

    def is_current(self, found: TaskResult) -> bool:
        """Return whether everything that decides it is unchanged."""
        return found.fingerprint == self._fingerprints.get(found.id, "")

    def is_whole(
        self, earlier: Result, kept: Sequence[TaskResult], tasks: Sequence[str] = ()
    ) -> bool:
        """Return whether nothing has to be marked again.

        Args:
            earlier: An earlier result of the same work.
            kept: The tasks of it that are kept.
            tasks: Ids of the tasks that are wanted; all with checks if empty.
        """
        ids = {task.id for task in kept}
        wanted = {*(tasks or self.checked)}
        return len(kept) == len(earlier.tasks) and wanted <= ids

    def choose(
        self, earlier: Result, broken: Collection[str] = ()
    ) -> tuple[TaskResult, ...]:
        """Return the tasks of an earlier result that are not marked again.

        Args:
            earlier: An earlier result of the same work.
            broken: Ids of tasks with checks that broke and that nobody has decided:
                these may go well another time.
        """
        found = {task.id: task for task in earlier.tasks}
        again = {task for task in found if not self._holds(found[task], broken)}
        while doubtful := self._find_doubtful(again, found) - again:
            again |= doubtful
        return tuple(found[task] for task in found if task not in again)

    def _holds(self, found: TaskResult, broken: Collection[str]) -> bool:
        if self._again:
            return found.id not in self._again
        return self.is_current(found) and found.id not in broken

    def _find_doubtful(
        self, again: Collection[str], found: Mapping[str, TaskResult]
    ) -> set[str]:
        """Return the tasks whose verdicts may change with those of tasks they need.

        If the tasks to mark again are named, there are no others.
        """
        if self._again:
            return set()
        return {
            task.id
            for task in self._tasks
            if task.id in found
            and not {*task.needs}.isdisjoint(again)
            and self._is_in_doubt(task, found)
        }

    def _is_in_doubt(self, task: Task, found: Mapping[str, TaskResult]) -> bool:
        """Return whether new verdicts on tasks that a task needs may change its own.

        If it passed when all of those had passed, it did so without stand-ins, and
        would do so again.
        """
        return any(
            each not in found or found[each].status is not Status.PASSED
            for each in (task.id, *task.needs)
        )


def put_together(
    coursework: Coursework, kept: Sequence[TaskResult], found: Sequence[TaskResult]
) -> list[TaskResult]:
    """Return kept tasks and newly marked ones, in the manifest's order.

    Args:
        coursework: The coursework.
        kept: The tasks that are kept, complete.
        found: The tasks that were found; for kept tasks, only what was known before.
    """
    tasks = {task.id: task for task in (*found, *kept)}
    return [tasks[task.id] for task in coursework.tasks if task.id in tasks]
