"""Made-up marking: a backend that runs nothing, for tests of what surrounds it.

What a submission earns stands in it, a line for each task that is not passed::

    # 1a failed
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from reelmark.confinement.level import Level
from reelmark.manifest import Coursework
from reelmark.marking.jobs import Job, Told
from reelmark.results import (
    CheckResult,
    Status,
    TaskResult,
    read_result,
    summarise,
    summarise_task,
    write_result,
)

SECRET = "hidden-input-4711"
"""What the hidden checks of this backend called functions with."""

_LINE = re.compile(r"^# (\S+) ([\w ]+)$", re.MULTILINE)


@dataclass
class MadeUp:
    """A backend that reads what a submission earns.

    Attributes:
        coursework: Whose tasks it marks: a public and a hidden check each.
        marked: The students, and the ids of the tasks, in the order of marking.
    """

    coursework: Coursework
    marked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    is_warm: bool = True
    level: Level = Level.PROCESS
    findings: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def start(self) -> None:
        """Start nothing."""

    def mark(self, job: Job, slot: int, tell: Told | None = None) -> None:  # noqa: ARG002
        """Write the result that a submission specifies."""
        texts = [path.read_text("utf-8") for path in Path(job.snapshot).glob("*.py")]
        wanted = dict(_LINE.findall("\n".join(texts)))
        settled = read_result(Path(job.settled)).tasks if job.settled else ()
        kept = {task.id for task in settled}
        tasks = [
            mark_task(task.id, task.title, Status(wanted.get(task.id, "passed")))
            for task in self.coursework.tasks
            if task.id in (job.tasks or {task.id}) and task.id not in kept
        ]
        self.marked.append((job.student, tuple(task.id for task in tasks)))
        result = summarise(
            job.student,
            tasks,
            notes=job.notes,
            fingerprint=job.fingerprint,
            confinement=job.confinement,
            remarks=job.remarks,
        )
        write_result(result, Path(job.result))

    @contextlib.contextmanager
    def open_workers(self) -> Iterator[Any]:
        """Give nothing that starts workers."""
        yield None

    def show_hidden_inputs(self) -> None:
        """Show nothing."""

    def stop(self) -> None:
        """Stop nothing."""

    def go_on(self) -> None:
        """Go on."""


def mark_task(task_id: str, title: str, status: Status) -> TaskResult:
    """Return a task whose public check passed, and whose hidden one may have failed."""
    marks = 1.0 if status is Status.PASSED else 0.0
    is_missed = status is not Status.PASSED
    public = CheckResult(
        f"public/t::test_{task_id}", "It works.", False, Status.PASSED, 1, 1, "", 0.1
    )
    hidden = CheckResult(
        id=f"hidden/t::test_{task_id}",
        title="It works for more.",
        hidden=True,
        status=status,
        marks=marks,
        max=1,
        message="It does not hold." if is_missed else "",
        seconds=0.1,
        detail=f"{task_id}  f({SECRET}): wrong." if is_missed else "",
    )
    return summarise_task(task_id, title, [public, hidden])
