"""Adjustments: marks that an instructor sets by hand, for one student.

They are in ``adjustments.csv`` in the class's folder, one row each::

    student,task,marks,reason,by
    ada,2a-i,3,Conv0 is right; the name was our misprint.,Dr Lee

``task`` is the id of a task, or of one of its checks. ``marks`` is what it then earns,
not a difference. Results are kept as they were found; adjustments are applied
whenever one is read, so they survive a new marking. They have the last word: even a
check that needs a look, or that a decision covers, earns what is set here.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.intake.kinds import show
from reelmark.intake.names import match_student
from reelmark.intake.tables import Row, read_table
from reelmark.manifest import Task
from reelmark.marking.messages import write_decided
from reelmark.results import (
    BROKEN,
    Adjustment,
    CheckResult,
    Result,
    Status,
    TaskResult,
    summarise_task,
    total_up,
    worst_status,
)

NAME = "adjustments.csv"
COLUMNS = ("student", "task", "marks", "reason", "by")
HEADER = ",".join(COLUMNS) + "\n"
MOST_SHOWN = 20
MOST_MEANT = 3


@dataclass(frozen=True)
class Entry:
    """A valid row.

    Attributes:
        line: Its line in the file.
        student: Whose marks it sets.
        name: The id of the task or check that earns them.
        marks: What that task or check then earns.
        reason: Why, for the student.
        by: Who decided it.
    """

    line: int
    student: str
    name: str
    marks: float
    reason: str
    by: str

    def describe(self, found: float) -> Adjustment:
        """Return what a result says about it."""
        return Adjustment(found, self.reason, self.by)


@dataclass(frozen=True)
class Worth:
    """What rows may refer to.

    Attributes:
        most: What each task, and each known check, is worth.
        tasks: The task of each known check; empty before the first marking.
    """

    most: Mapping[str, float]
    tasks: Mapping[str, str]


class Adjustments:
    """The adjustments of a class.

    Args:
        entries: The rows, in their order.
        path: The file from which they come.

    Attributes:
        entries: The rows, in their order.
    """

    def __init__(self, entries: Iterable[Entry] = (), path: Path = Path(NAME)) -> None:
        self.entries = tuple(entries)
        self._path = path
        self._by_student: dict[str, dict[str, Entry]] = {}
        for entry in self.entries:
            self._by_student.setdefault(entry.student, {})[entry.name] = entry

    def apply(self, result: Result) -> Result:
        """Return a result with the marks that were set by hand."""
        entries = self._by_student.get(result.student)
        if not entries:
            return result
        return total_up(result, [_adjust_task(task, entries) for task in result.tasks])

    def expect_known(self, results: Iterable[Result]) -> None:
        """Expect every row to name an existing check, and no more than its marks.

        Raises:
            UsageError: One does not; the message names its line.
        """
        worth = _weigh(results)
        _expect_clear(self.find_faults(worth) if worth.tasks else [])

    def find_faults(self, worth: Worth) -> list[str]:
        """Return what makes no sense, one line each."""
        told = [(entry, _find_fault(entry, worth)) for entry in self.entries]
        told += _find_contradictions(self.entries, worth.tasks)
        return [_place(self._path, entry.line, fault) for entry, fault in told if fault]


def read_adjustments(
    path: Path,
    students: Collection[str],
    results: Iterable[Result] = (),
    tasks: Iterable[Task] = (),
) -> Adjustments:
    """Read the adjustments of a class; there are none if there is no file.

    Args:
        path: The file.
        students: Everybody who has, or had, a submission.
        results: Earlier results, from which checks are known.
        tasks: The tasks of the coursework; without results, nothing else is known.

    Raises:
        UsageError: Something in it makes no sense or is contradictory; the message
            names every line.
    """
    if not path.is_file():
        return Adjustments()
    entries, faults = [], []
    for row in read_table(path, COLUMNS).rows:
        try:
            entries.append(_read_row(row, students))
        except ValueError as error:
            faults.append(_place(path, row.line, str(error)))
    adjustments = Adjustments(entries, path)
    worth = _weigh(results)
    most = {**worth.most, **{task.id: task.marks for task in tasks}}
    _expect_clear([*faults, *adjustments.find_faults(Worth(most, worth.tasks))])
    return adjustments


def _read_row(row: Row, students: Collection[str]) -> Entry:
    """Return what a row says.

    Raises:
        ValueError: It is unclear; the message says why.
    """
    if row.fault:
        raise ValueError(row.fault)
    if empty := [name for name in COLUMNS if not row.cells[name]]:
        raise ValueError(f"{' and '.join(empty)} must not be empty")
    match = match_student(row.cells["student"], students)
    if match.student is None:
        raise ValueError(match.remark)
    return Entry(
        line=row.line,
        student=match.student,
        name=row.cells["task"],
        marks=parse_marks(row.cells["marks"]),
        reason=row.cells["reason"],
        by=row.cells["by"],
    )


def parse_marks(text: str) -> float:
    """Read marks as people write them, with a point or a comma.

    Raises:
        ValueError: They are not a number of marks; the message says what to write.

    Examples:
        >>> parse_marks("2,5")
        2.5
    """
    if text[:1] in "+-\u2212":
        raise ValueError(
            f"marks is {text}: write what is earned then, not by how much it changes"
        )
    try:
        marks = float(text.replace(",", ".") if "." not in text else text)
    except ValueError:
        marks = math.nan
    if not math.isfinite(marks) or "_" in text:
        raise ValueError(f"marks is {show(text)}, which is not a number")
    return round(marks, 2)


def _find_fault(entry: Entry, worth: Worth) -> str:
    """Return why a row cannot be applied; empty if it can."""
    is_check = "::" in entry.name
    if is_check and not worth.tasks:
        return ""  # checks are known once somebody has been marked with them
    most = worth.most.get(entry.name)
    if most is None:
        kind = "check" if is_check else "task"
        return f"there is no {kind} {show(entry.name)}{_suggest(entry.name, worth)}"
    if entry.marks > most:
        return f"{entry.name} is worth {most:g}, and {entry.marks:g} is more than that"
    return ""


def _suggest(name: str, worth: Worth) -> str:
    # People remember a check's function, but not always its file.
    close = [each for each in worth.tasks if each.partition("::")[2] == name]
    if not close:
        folded = {each.casefold(): each for each in worth.most}
        found = difflib.get_close_matches(name.casefold(), folded, cutoff=0.5)
        close = [folded[each] for each in found]
    return f": did you mean {' or '.join(close[:MOST_MEANT])}?" if close else ""


def _find_contradictions(
    entries: Sequence[Entry], tasks: Mapping[str, str]
) -> Iterator[tuple[Entry, str]]:
    """Yield the rows that contradict another, and say how."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        other = first.setdefault((entry.student, entry.name), entry)
        if replace(other, line=entry.line) != entry:
            told = f"{entry.name} of {entry.student} to {other.marks:g} already"
            yield entry, f"line {other.line} sets {told}: keep one of them"
    for entry in entries:
        task = tasks.get(entry.name, "")
        if whole := first.get((entry.student, task)):
            told = f"the whole of {task}, to which {entry.name} belongs"
            yield entry, f"line {whole.line} sets {told}: keep one of them"


def _adjust_task(task: TaskResult, entries: Mapping[str, Entry]) -> TaskResult:
    checks = [_adjust_check(task, check, entries) for check in task.checks]
    adjusted = task
    if checks != [*task.checks]:
        adjusted = summarise_task(task.id, task.title, checks)
    entry = entries.get(task.id)
    return _set_whole(adjusted, entry) if entry else adjusted


def _adjust_check(
    task: TaskResult, check: CheckResult, entries: Mapping[str, Entry]
) -> CheckResult:
    entry = entries.get(check.id)
    if entry is None:
        return check
    told = f"{entry.marks:g} of {check.max:g} marks"
    return replace(
        _settle(check, task, told, entry),
        marks=entry.marks,
        adjusted=entry.describe(check.marks),
    )


def _set_whole(task: TaskResult, entry: Entry) -> TaskResult:
    """Return a task whose marks are set, whatever its checks found."""
    told = f"{entry.marks:g} of {task.max:g} marks for the whole task"
    checks = tuple(_settle(check, task, told, entry) for check in task.checks)
    return replace(
        task,
        marks=entry.marks,
        open=0.0,
        status=worst_status(check.status for check in checks),
        checks=checks,
        adjusted=entry.describe(task.marks),
    )


def _settle(check: CheckResult, task: TaskResult, told: str, by: Entry) -> CheckResult:
    """Return a check that no longer waits for anybody, if it broke."""
    if check.status not in BROKEN:
        return check
    message = write_decided(task.id, task.title, told, by.reason)
    return replace(check, status=Status.DECIDED, fault="", message=message)


def _weigh(results: Iterable[Result]) -> Worth:
    """Return what the tasks and checks of a class are worth."""
    most: dict[str, float] = {}
    tasks: dict[str, str] = {}
    for task in (task for result in results for task in result.tasks):
        most[task.id] = max(task.max, most.get(task.id, 0.0))
        most |= {check.id: check.max for check in task.checks}
        tasks |= dict.fromkeys((check.id for check in task.checks), task.id)
    return Worth(most, tasks)


def _place(path: Path, line: int, told: str) -> str:
    end = "" if told.endswith("?") else "."
    return f"{path.name}, line {line}: {told}{end}"


def _expect_clear(faults: Sequence[str]) -> None:
    """Expect no fault.

    Raises:
        UsageError: There are some; the message lists them all.
    """
    if not faults:
        return
    shown = faults[:MOST_SHOWN]
    more = [f"and {len(faults) - MOST_SHOWN} more"] if faults[MOST_SHOWN:] else []
    raise UsageError(
        "Marks set by hand are not clear, so nothing was written with them. Put these "
        "right, and type the command again:\n  " + "\n  ".join([*shown, *more])
    )
