"""Changes: how marking again changed marks, and which checks caused it.

What was last reported is kept, one file per student, so that the next run can tell
what is different from marks already copied into a gradebook, or from a class page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from reelmark.files import write_whole
from reelmark.results import (
    Adjustment,
    CheckResult,
    Result,
    TaskResult,
    read_result,
    write_result,
)

FOLDER = "recorded"
"""The folder, among the results of a class, with what was last reported."""

Part = TypeVar("Part", CheckResult, TaskResult)


@dataclass(frozen=True)
class Change:
    """How a student's marks for code differ from those recorded before.

    ``checks`` are pairs of a check before and after; if it is new, or gone, one side is
    None. ``tasks`` are pairs of the tasks whose marks as a whole were set by hand,
    before or after, with a difference.
    """

    student: str
    before: float
    after: float
    checks: tuple[tuple[CheckResult | None, CheckResult | None], ...]
    tasks: tuple[tuple[TaskResult | None, TaskResult | None], ...]
    is_handed_in_again: bool


@dataclass(frozen=True)
class Recorded:
    """What was last reported about a submission.

    Attributes:
        result: The result that counts; None if nothing was reported yet.
        files: A digest of what was handed in.
        evidence: What the marker was told about its evidence.
    """

    result: Result | None = None
    files: str = ""
    evidence: str = ""


class Records:
    """What was last reported about each student.

    Args:
        folder: Where it is kept: one result and two digests per student.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, stem: str) -> Recorded:
        """Return what was last recorded."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            result = read_result(self._folder / f"{stem}.json")
            table = json.loads((self._folder / f"{stem}.files").read_text("utf-8"))
            return Recorded(result, str(table["files"]), str(table["evidence"]))
        return Recorded()

    def write(self, stem: str, recorded: Recorded) -> None:
        """Record what is reported now."""
        assert recorded.result is not None, "nothing is recorded without a result"
        write_result(recorded.result, self._folder / f"{stem}.json")
        digests = {"files": recorded.files, "evidence": recorded.evidence}
        write_whole(self._folder / f"{stem}.files", json.dumps(digests))


def compare(before: Result | None, after: Result, *, again: bool) -> Change | None:
    """Return how a result differs from the one before; None if it does not."""
    if before is None:
        return None
    checks = _pair(_checks_of(before), _checks_of(after), _marks)
    tasks = _pair(_tasks_of(before), _tasks_of(after), lambda task: task.adjusted)
    if not checks and not tasks and before.total == after.total:
        return None
    return Change(after.student, before.total, after.total, checks, tasks, again)


def describe_changes(changes: Sequence[Change]) -> list[str]:
    """Return lines that say whose marks changed, by how much and why."""
    lines = []
    for change in changes:
        why = "  (handed in again)" if change.is_handed_in_again else ""
        difference = change.after - change.before
        lines.append(
            f"{change.student}: {change.before:g} -> {change.after:g} "
            f"({difference:+g}){why}"
        )
        lines += [f"    {_describe_check(*pair)}" for pair in change.checks]
        lines += [f"    {_describe_task(*pair)}" for pair in change.tasks]
    return lines


def _pair(
    old: dict[str, Part], new: dict[str, Part], told: Callable[[Part], object]
) -> tuple[tuple[Part | None, Part | None], ...]:
    """Return pairs, before and after, of whatever differs."""
    names = dict.fromkeys([*new, *old])
    pairs = ((old.get(name), new.get(name)) for name in names)
    return tuple(
        (one, other) for one, other in pairs if _tell(one, told) != _tell(other, told)
    )


def _tell(part: Part | None, told: Callable[[Part], object]) -> object:
    return told(part) if part else None


def _describe_check(before: CheckResult | None, after: CheckResult | None) -> str:
    known = after or before
    assert known is not None
    was = f"{before.status} {before.marks:g}" if before else "new"
    now = f"{after.status} {after.marks:g}" if after else "gone"
    kind = "hidden check" if known.hidden else "check"
    by = _describe_adjustment(after.adjusted if after else None)
    return f"{kind} {known.title}: {was} -> {now}{by}"


def _describe_task(before: TaskResult | None, after: TaskResult | None) -> str:
    known = after or before
    assert known is not None
    was = f"{before.marks:g}" if before else "new"
    now = f"{after.marks:g}" if after else "gone"
    by = _describe_adjustment(after.adjusted if after else None)
    return f"task {known.id}: {was} -> {now}{by or ', no longer set by hand'}"


def _describe_adjustment(adjusted: Adjustment | None) -> str:
    return f", set by {adjusted.by}: {adjusted.reason}" if adjusted else ""


def _marks(check: CheckResult) -> tuple[object, ...]:
    return check.status, check.marks, check.max, check.adjusted


def _checks_of(result: Result) -> dict[str, CheckResult]:
    return {check.id: check for task in result.tasks for check in task.checks}


def _tasks_of(result: Result) -> dict[str, TaskResult]:
    return {task.id: task for task in result.tasks}
