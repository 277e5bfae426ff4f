"""Results: what marking one submission found, and the JSON that holds it.

The JSON of a submission (``DIR/results/<student>.json``) is documented by the
dataclasses here: every key is a field, every field a key.
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


class Status(StrEnum):
    """The states of a check, worst news first; a task shows the first it has.

    Of a check that needs a look the marks are open: neither earned nor lost, until
    an instructor decides. A submission whose tasks passed or are not started is
    unfinished; no check and no task ever is.
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
"""States in which a check broke: somebody must see to it, and nobody loses marks."""


@dataclass(frozen=True)
class CheckResult:
    """One check of one submission.

    ``message`` is for the student's eyes: of a hidden check it holds the
    author's advice only, never its inputs or what the code printed.
    ``seconds`` is wall time.

    ``fault`` names what an instructor decides on where the check needs a look: the
    check that met it and how that ended, the same for everybody who met it. A check
    that waits for another one has that one's fault. ``detail`` tells an instructor
    what happened; it may hold inputs of a hidden check.
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

    @property
    def open(self) -> float:
        """The marks that nobody has decided on yet."""
        return self.max if self.status is Status.NEEDS_A_LOOK else 0.0


@dataclass(frozen=True)
class TaskResult:
    """One task of one submission: its checks and what they add up to.

    ``open`` are marks that are neither earned nor lost yet.
    """

    id: str
    title: str
    marks: float
    max: float
    open: float
    status: Status
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True)
class Result:
    """One submission: its tasks and what they add up to.

    ``open`` are marks that are neither earned nor lost yet.
    ``notes`` are sentences about the submission as a whole (a refused archive,
    a module that cannot be imported); ``fingerprint`` identifies what was
    marked with what, so that an unchanged submission is not marked twice;
    ``confinement`` says how well its code was closed off while it was marked.
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
    schema: int = SCHEMA


def worst_status(statuses: Iterable[Status]) -> Status:
    """Return the status that a group of checks or tasks shows as a whole.

    Of an empty group nothing was checked: a refused archive has not passed.

    Examples:
        >>> worst_status([Status.PASSED, Status.NOT_CHECKED, Status.FAILED])
        <Status.FAILED: 'failed'>
    """
    found = set(statuses)
    return next((status for status in Status if status in found), Status.NOT_CHECKED)


def summarise_task(
    task_id: str, title: str, checks: Sequence[CheckResult]
) -> TaskResult:
    """Add the checks of one task up."""
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
    """Return a result with these tasks in place of its own."""
    return replace(
        result,
        total=round(sum(task.marks for task in tasks), 2),
        max=round(sum(task.max for task in tasks), 2),
        open=round(sum(task.open for task in tasks), 2),
        status=_submission_status([task.status for task in tasks]),
        tasks=tuple(tasks),
    )


def summarise(
    student: str,
    tasks: Sequence[TaskResult],
    *,
    notes: Sequence[str] = (),
    fingerprint: str = "",
    confinement: str = "",
) -> Result:
    """Add the tasks of one submission up."""
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
        ValueError: The file is not such a JSON document; the message names it.
    """
    try:
        return _result_of(json.loads(path.read_text(encoding="utf-8")))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path} is not a result of this version: {error!r}"
        ) from error


def write_grades(
    results: Sequence[Result], task_ids: Sequence[str], path: Path
) -> None:
    """Write the class as CSV: student, one column a task, total, open, status."""
    heading = ["student", *task_ids, "total", "open", "status"]
    rows: list[list[str | float]] = [[*heading]]
    for result in results:
        marks = {task.id: task.marks for task in result.tasks}
        row = [marks.get(task_id, 0.0) for task_id in task_ids]
        sums = (result.total, result.open, result.status)
        rows.append([result.student, *row, *sums])
    write_rows(rows, path)


def _result_of(data: dict[str, Any]) -> Result:
    if data["schema"] != SCHEMA:
        raise ValueError(f"its schema is {data['schema']!r}, not {SCHEMA}")
    tasks = tuple(_task_of(task) for task in data.pop("tasks"))
    plain = {"status": Status(data["status"]), "notes": tuple(data["notes"])}
    return Result(**{**data, **plain, "tasks": tasks})


def _task_of(data: dict[str, Any]) -> TaskResult:
    checks = tuple(_check_of(check) for check in data.pop("checks"))
    return TaskResult(**{**data, "status": Status(data["status"]), "checks": checks})


def _check_of(data: dict[str, Any]) -> CheckResult:
    return CheckResult(**{**data, "status": Status(data["status"])})
