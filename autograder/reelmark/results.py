"""Results: what marking one submission found, and the JSON file for it.

The dataclasses here document the JSON of a submission
(``DIR/results/<student>.json``): every key is a field, and every field a key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from reelmark.files import write_rows, write_whole

SCHEMA = 2
FOLDER = "results"
"""The folder of results, in the folder of a class."""

BY_HAND = "by hand"
"""The column of tables for what an instructor decided or set by hand."""


class Status(StrEnum):
    """The states of a check, worst news first; a task shows the first of its checks'.

    The marks of a check that needs a look are open, neither earned nor lost, until an
    instructor decides. A submission whose tasks have passed or are not started is
    unfinished; checks and tasks never are.
    """

    NEEDS_A_LOOK = "needs a look"
    KIT_FAULT = "kit fault"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    CRASHED = "crashed"
    FAILED = "failed"
    UNFINISHED = "unfinished"
    NOT_STARTED = "not started"
    NOT_CHECKED = "not checked"
    DECIDED = "decided"
    PASSED = "passed"


BROKEN = (Status.NEEDS_A_LOOK, Status.KIT_FAULT)
"""States in which a check broke: somebody must look into it; nobody loses marks."""


@dataclass(frozen=True)
class Adjustment:
    """Marks that an instructor set by hand for one student.

    ``found`` is what marking found; ``reason`` and ``by`` are told to the student.
    """

    found: float
    reason: str
    by: str


@dataclass(frozen=True)
class CheckResult:
    """One check of one submission.

    ``message`` is for the student: for a hidden check it holds only the author's
    advice, never the check's inputs or what the code printed.
    ``seconds`` is wall time.

    ``fault`` names what an instructor must decide if the check needs a look: the check
    that met it and how that ended, the same for everybody who met it. A check that
    waits for another has the other's fault. ``because`` is the reason for the decision,
    once there is one; ``adjusted`` is set if the marks were set by hand, for this
    student only.

    ``detail`` is only for an instructor: what broke a check, or what a hidden one was
    called with, expected and got. Nothing that a student gets may show it.

    ``own`` is how it ended with the student's own functions, where it passed with
    stand-ins and hidden checks still decide which of both counts; None in the end.
    """

    id: str
    title: str
    hidden: bool
    status: Status
    marks: float
    max: float
    message: str
    seconds: float
    fault: str = ""
    detail: str = ""
    because: str = ""
    adjusted: Adjustment | None = None
    own: CheckResult | None = None

    @property
    def open(self) -> float:
        """The marks that nobody has decided on yet."""
        return self.max if self.status is Status.NEEDS_A_LOOK else 0.0


@dataclass(frozen=True)
class TaskResult:
    """One task of one submission: its checks and what they add up to.

    ``open`` are marks that are neither earned nor lost yet.
    ``adjusted`` is set if the marks of the whole task were set by hand.
    ``fingerprint`` identifies what it was marked with, so a task is marked again only
    if something that decides it has changed.
    """

    id: str
    title: str
    marks: float
    max: float
    open: float
    status: Status
    checks: tuple[CheckResult, ...]
    adjusted: Adjustment | None = None
    fingerprint: str = ""


@dataclass(frozen=True)
class Result:
    """One submission: its tasks and what they add up to.

    ``open`` are marks that are neither earned nor lost yet.
    ``notes`` are sentences about the submission as a whole (a refused archive, a
    module that cannot be imported); ``remarks`` are only for an instructor: where it
    uses the engine's modules. ``fingerprint`` identifies what was marked, so an
    unchanged submission is not marked twice; ``confinement`` says how well its code
    was closed off while it was marked.
    """

    student: str
    total: float
    max: float
    open: float
    status: Status
    tasks: tuple[TaskResult, ...]
    notes: tuple[str, ...]
    fingerprint: str
    confinement: str = ""
    remarks: tuple[str, ...] = ()
    schema: int = SCHEMA


def worst_status(statuses: Iterable[Status]) -> Status:
    """Return the status that a group of checks or tasks shows as a whole.

    In an empty group nothing was checked: a refused archive has not passed.

    Examples:
        >>> worst_status([Status.PASSED, Status.NOT_CHECKED, Status.FAILED])
        <Status.FAILED: 'failed'>
    """
    found = set(statuses)
    return next((status for status in Status if status in found), Status.NOT_CHECKED)


def summarise_task(
    task_id: str, title: str, checks: Sequence[CheckResult]
) -> TaskResult:
    """Add up the checks of one task."""
    return TaskResult(
        id=task_id,
        title=title,
        marks=round(sum(check.marks for check in checks), 2),
        max=round(sum(check.max for check in checks), 2),
        open=round(sum(check.open for check in checks), 2),
        status=worst_status(check.status for check in checks),
        checks=tuple(checks),
    )


def total_up(result: Result, tasks: Sequence[TaskResult]) -> Result:
    """Return a result with these tasks instead of its own."""
    return replace(
        result,
        total=round(sum(task.marks for task in tasks), 2),
        max=round(sum(task.max for task in tasks), 2),
        open=round(sum(task.open for task in tasks), 2),
        status=_submission_status([task.status for task in tasks]),
        tasks=tuple(tasks),
    )


def without_seconds(result: Result) -> Result:
    """Return a result without the times, which differ whenever work is marked."""
    tasks = tuple(
        replace(task, checks=tuple(replace(c, seconds=0.0) for c in task.checks))
        for task in result.tasks
    )
    return replace(result, tasks=tasks)


def for_student(result: Result) -> Result:
    """Return a result without what is only for an instructor.

    Whatever is written for students is made from this, so nothing else can leak.
    """
    tasks = tuple(
        replace(task, checks=tuple(replace(c, detail="") for c in task.checks))
        for task in result.tasks
    )
    return replace(result, tasks=tasks, remarks=())


def summarise(
    student: str,
    tasks: Sequence[TaskResult],
    *,
    notes: Sequence[str] = (),
    fingerprint: str = "",
    confinement: str = "",
    remarks: Sequence[str] = (),
) -> Result:
    """Add up the tasks of one submission."""
    bare = Result(
        student=student,
        total=0.0,
        max=0.0,
        open=0.0,
        status=Status.NOT_CHECKED,
        tasks=(),
        notes=tuple(notes),
        fingerprint=fingerprint,
        confinement=confinement,
        remarks=tuple(remarks),
    )
    return total_up(bare, tasks)


def _submission_status(statuses: Sequence[Status]) -> Status:
    worst = worst_status(statuses)
    is_begun = any(status is not Status.NOT_STARTED for status in statuses)
    return Status.UNFINISHED if worst is Status.NOT_STARTED and is_begun else worst


def write_result(result: Result, path: Path) -> None:
    """Write ``result`` as JSON, whole or not at all."""
    data = {"schema": result.schema, **asdict(result)}
    write_whole(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def read_result(path: Path) -> Result:
    """Read the JSON that `write_result` wrote.

    Raises:
        ValueError: The file is not such JSON; the message names it.
    """
    try:
        return _result_of(json.loads(path.read_text(encoding="utf-8")))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is not a result of this version: {error!r}"
        ) from error


def find_results(out: Path) -> list[Path]:
    """Return the results in the folder of a class, sorted by name."""
    return sorted((out / FOLDER).glob("[!.]*.json"))


def write_grades(
    results: Sequence[Result], task_ids: Sequence[str], path: Path
) -> None:
    """Write the class: student, one column per task, total, open, status, by hand."""
    heading = ["student", *task_ids, "total", "open", "status", BY_HAND]
    rows: list[list[str | float]] = [[*heading]]
    for result in results:
        marks = {task.id: task.marks for task in result.tasks}
        row = [marks.get(task_id, 0.0) for task_id in task_ids]
        sums = (result.total, result.open, result.status, tell_by_hand(result))
        rows.append([result.student, *row, *sums])
    write_rows(rows, path)


def tell_by_hand(result: Result) -> str:
    """Return a line on what was decided or set by hand: how much, by whom and why."""
    parts = (part for task in result.tasks for part in list_parts(task))
    return "; ".join(filter(None, map(_tell_by_hand, parts)))


def _tell_by_hand(part: TaskResult | CheckResult) -> str:
    told = f"{part.id}: {part.marks:g}"
    if part.adjusted:
        found, by = part.adjusted.found, part.adjusted.by
        return f"{told}, found {found:g} ({by}: {part.adjusted.reason})"
    if isinstance(part, CheckResult) and part.because:
        return f"{told}, decided ({part.because})"
    return ""


def list_parts(task: TaskResult) -> list[TaskResult | CheckResult]:
    """Return everything with marks of its own: a task, then its checks."""
    return [task, *task.checks]


def _result_of(data: dict[str, Any]) -> Result:
    if data["schema"] != SCHEMA:
        raise ValueError(f"its schema is {data['schema']!r}, not {SCHEMA}")
    tasks = tuple(_task_of(task) for task in data.pop("tasks"))
    told = {name: tuple(data.get(name, ())) for name in ("notes", "remarks")}
    return Result(**{**data, **told, "status": Status(data["status"]), "tasks": tasks})


def _task_of(data: dict[str, Any]) -> TaskResult:
    checks = tuple(check_of(check) for check in data.pop("checks"))
    return TaskResult(**{**data, **_read_common(data), "checks": checks})


def plain_of(result: CheckResult) -> dict[str, Any]:
    """Return the result of a check as plain data, as `check_of` reads it."""
    own = plain_of(result.own) if result.own else None
    return {**asdict(result), "status": result.status.value, "own": own}


def check_of(data: dict[str, Any]) -> CheckResult:
    """Return the result of a check from the data of `plain_of`."""
    own = check_of(data["own"]) if data["own"] else None
    return CheckResult(**{**data, **_read_common(data), "own": own})


def _read_common(data: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a check or a task that have a different form in JSON."""
    adjusted = data.get("adjusted")
    return {
        "status": Status(data["status"]),
        "adjusted": Adjustment(**adjusted) if adjusted else None,
    }
