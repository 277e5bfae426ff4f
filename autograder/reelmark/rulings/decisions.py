"""Decisions: what checks that need a look earn, decided once for everybody.

They are in ``decisions.csv`` in the class's folder, one line each::

    check,end,marks,because
    public/cnn::test_returns_a_model,KeyError,none,The model is made up.

``check`` and ``end`` name the fault, not a student: everybody who met it gets the same
share of the marks, for that check and for those that wait for it. ``marks`` is
``full``, ``none`` or a number of that check's marks. Results are kept as they were
found; decisions are applied whenever one is read, so they survive a new marking.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import write_rows
from reelmark.intake.tables import Row, read_table
from reelmark.marking.faults import EVERYTHING, name_fault, split_fault
from reelmark.marking.messages import write_decided
from reelmark.results import (
    CheckResult,
    Result,
    Status,
    TaskResult,
    summarise_task,
    total_up,
)

NAME = "decisions.csv"
COLUMNS = ("check", "end", "marks", "because")
FULL, NONE = "full", "none"


@dataclass(frozen=True)
class Decision:
    """What an instructor decided on one fault.

    Attributes:
        fault: The fault, as results name it.
        marks: ``full``, ``none``, or a number of marks of the check.
        because: The reason, for those who met it.
        line: Its line in the file.
    """

    fault: str
    marks: str
    because: str
    line: int = 0

    def share_of(self, most: float) -> float:
        """Return the share of the marks that a check worth ``most`` earns.

        Raises:
            ValueError: It gives more than there are.
        """
        if self.marks in (FULL, NONE):
            return float(self.marks == FULL)
        share = float(self.marks) / most if most else 0.0
        if share > 1:
            raise ValueError(f"{self.marks} marks of {most:g}")
        return share

    def expect_fit(self, worth: Mapping[str, float], where: str) -> None:
        """Expect it to name an existing check, and not too many marks.

        Args:
            worth: What each check is worth.
            where: The start of a message.

        Raises:
            UsageError: It does not.
        """
        check, _ = split_fault(self.fault)
        if check not in worth:
            raise UsageError(
                f"{where}there is no check {check!r}. Checks are called as the class "
                "page calls them: correct the name, or remove the line."
            )
        try:
            self.share_of(worth[check])
        except ValueError as error:
            most = f"Write full, none, or at most {worth[check]:g}."
            raise UsageError(f"{where}it gives {error}. {most}") from error


@dataclass(frozen=True)
class MetFault:
    """A fault that is decided by hand, and who met it.

    Attributes:
        fault: Its name.
        title: The title of its check.
        students: Who met it.
        marks: The marks that are open because of it, of all students together.
        detail: What happened with the first of them.
        message: What the students are told.
    """

    fault: str
    title: str
    students: tuple[str, ...]
    marks: float
    detail: str
    message: str

    @property
    def command(self) -> str:
        """What to type to name it."""
        check, end = split_fault(self.fault)
        return f"{shlex.quote(check)} --end {shlex.quote(end)}"


class Decisions:
    """The decisions on a class.

    Args:
        path: The file that holds them; if it does not exist, there are none.

    Raises:
        UsageError: The file cannot be read as decisions; the message names the line.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made = _read(path)

    @property
    def made(self) -> tuple[Decision, ...]:
        """The decisions, in the order of the file."""
        return tuple(self._made.values())

    def apply(self, result: Result) -> Result:
        """Return a result to which the decisions are applied."""
        worth = _find_worth([result])
        tasks = [self._apply_to_task(task, worth) for task in result.tasks]
        return result if tasks == [*result.tasks] else total_up(result, tasks)

    def expect_known(self, results: Iterable[Result]) -> None:
        """Expect every decision to name an existing check, and no more than its marks.

        Raises:
            UsageError: One does not; the message names its line.
        """
        worth = _find_worth(results)
        for decision in self._made.values() if len(worth) > 1 else ():
            decision.expect_fit(worth, f"{self._path}, line {decision.line}: ")

    def add(self, decision: Decision, results: Iterable[Result]) -> None:
        """Write a decision, which replaces an earlier one on the same fault.

        Raises:
            UsageError: It gives more marks than the check is worth.
        """
        decision.expect_fit(_find_worth(results), "")
        made = {**self._made, decision.fault: decision}
        rows = [
            (*split_fault(each.fault), each.marks, each.because)
            for each in made.values()
        ]
        write_rows([COLUMNS, *rows], self._path)
        self._made = _read(self._path)

    def _apply_to_task(self, task: TaskResult, worth: dict[str, float]) -> TaskResult:
        checks = [self._apply_to_check(check, task, worth) for check in task.checks]
        if checks == [*task.checks]:
            return task
        return summarise_task(task.id, task.title, checks)

    def _apply_to_check(
        self, check: CheckResult, task: TaskResult, worth: dict[str, float]
    ) -> CheckResult:
        decision = self._made.get(check.fault)
        if check.status is not Status.NEEDS_A_LOOK or decision is None:
            return check
        try:
            share = decision.share_of(worth.get(split_fault(check.fault)[0], 0.0))
        except ValueError:
            return check  # `expect_known` says so
        marks = round(share * check.max, 2)
        told = f"{marks:g} of {check.max:g} marks"
        return replace(
            check,
            status=Status.DECIDED,
            marks=marks,
            message=write_decided(task.id, task.title, told, decision.because),
            because=decision.because,
        )


def list_met(results: Iterable[Result], status: Status) -> list[MetFault]:
    """Return the faults that were met, with the most open marks first.

    Args:
        results: The results of a class.
        status: "Needs a look" for faults that nobody has decided; "decided" for those
            that a decision covers. Marks set by hand are not decisions.
    """
    found: dict[str, list[tuple[str, CheckResult]]] = {}
    for result in results:
        for check in (check for task in result.tasks for check in task.checks):
            if check.status is status and check.fault and not check.adjusted:
                found.setdefault(check.fault, []).append((result.student, check))
    faults = [_describe(fault, met) for fault, met in found.items()]
    return sorted(faults, key=lambda fault: -fault.marks)


def choose_fault(faults: Sequence[MetFault], check: str, end: str) -> str:
    """Return the name of the fault that an instructor means.

    Args:
        faults: The faults there are.
        check: The id of its check.
        end: How it ended; empty if that is clear.

    Raises:
        UsageError: There is no such fault, or more than one.
    """
    met = [fault.fault for fault in faults if split_fault(fault.fault)[0] == check]
    named = [fault for fault in met if not end or fault == name_fault(check, end)]
    if len(named) == 1:
        return named[0]
    known = "\n  ".join(met or [fault.fault for fault in faults]) or "none"
    if named:
        raise UsageError(
            f"{check} ended in more than one way. Say which you mean with --end; what "
            f"follows the last colon is the end:\n  {known}"
        )
    raise UsageError(
        f"Nobody's marks are open because of {name_fault(check, end or '...')}. "
        f"What needs a look:\n  {known}"
    )


def parse_marks(text: str) -> str:
    """Return ``full``, ``none`` or a number of marks, in the form used in the file.

    Raises:
        ValueError: It is none of these.
    """
    word = text.strip().casefold()
    if word in (FULL, NONE):
        return word
    number = float(word)
    if not 0 <= number < math.inf:
        raise ValueError(f"{text} is no number of marks")
    return f"{number:g}"


def _find_worth(results: Iterable[Result]) -> dict[str, float]:
    """Return what each check is worth, and what all of them are worth together."""
    worth = {EVERYTHING: 0.0}
    for result in results:
        worth |= {c.id: c.max for task in result.tasks for c in task.checks}
        worth[EVERYTHING] = max(worth[EVERYTHING], result.max)
    return worth


def _describe(fault: str, met: Sequence[tuple[str, CheckResult]]) -> MetFault:
    own = [c for _, c in met if c.id == split_fault(fault)[0]] or [c for _, c in met]
    return MetFault(
        fault=fault,
        title=own[0].title,
        students=tuple(dict.fromkeys(student for student, _ in met)),
        marks=round(sum(check.open for _, check in met), 2),
        detail=own[0].detail,
        message=own[0].message,
    )


def _read(path: Path) -> dict[str, Decision]:
    """Read the decisions, by the name of the fault; none if there is no file."""
    made: dict[str, Decision] = {}
    for decision in _read_lines(path):
        other = made.get(decision.fault)
        if other and (other.marks, other.because) != (decision.marks, decision.because):
            raise UsageError(
                f"{path}, lines {other.line} and {decision.line}, decide on the same "
                f"fault in different ways: {decision.fault}. Take one of them out."
            )
        made[decision.fault] = decision
    return made


def _read_lines(path: Path) -> list[Decision]:
    if not path.is_file():
        return []
    return [_read_line(row, path) for row in read_table(path, COLUMNS).rows]


def _read_line(row: Row, path: Path) -> Decision:
    where = f"{path}, line {row.line}"
    if row.fault:
        raise UsageError(f"{where}: {row.fault}.")
    check, end, marks, because = (row.cells[column] for column in COLUMNS)
    if not (check and end and because):
        raise UsageError(
            f"{where}: check, end and because must not be empty. Those who met the "
            "fault read the reason."
        )
    try:
        return Decision(name_fault(check, end), parse_marks(marks), because, row.line)
    except ValueError as error:
        raise UsageError(
            f"{where}: marks are full, none or a number, and not {marks!r}."
        ) from error
