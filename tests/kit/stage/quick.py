"""A class marked in no time: findings are made up, what is written is real."""

from __future__ import annotations

import contextlib
from pathlib import Path

from kit.stage.classes import OTHER_COURSEWORK
from reelmark.confinement.level import Level
from reelmark.manifest import Coursework, load_coursework
from reelmark.marking.jobs import Job
from reelmark.practice.copies import Found
from reelmark.results import (
    CheckResult,
    Status,
    TaskResult,
    summarise,
    summarise_task,
    write_result,
)


def find_tasks() -> list[TaskResult]:
    """Return what the checks of the made-up coursework find."""
    tasks = []
    for task in load_coursework(OTHER_COURSEWORK).tasks:
        status = Status.PASSED if task.id == "1" else Status.FAILED
        found = CheckResult("c", "Counts.", False, status, 0, task.marks, "No.", 0.1)
        tasks.append(summarise_task(task.id, task.title, [found]))
    return tasks


class QuickBackend:
    """Marks without any process: what is written is what is looked at."""

    is_warm = True
    level = Level.PROCESS
    findings: tuple[str, ...] = ()

    def __enter__(self) -> QuickBackend:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def start(self) -> None:
        """Do nothing."""

    def mark(self, job: Job, slot: int, tell: object = None) -> None:  # noqa: ARG002
        """Write a result."""
        result = summarise(
            job.student, find_tasks(), fingerprint=job.fingerprint, confinement="none"
        )
        write_result(result, Path(job.result))

    def show_hidden_inputs(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""

    def go_on(self) -> None:
        """Do nothing."""


class QuickChecker:
    """Checks without any process: what is written is what is looked at."""

    remark = ""

    def __enter__(self) -> QuickChecker:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def check(self, tasks: object, tell: object) -> Found:  # noqa: ARG002
        """Return results of a folder that is not there."""
        return Found(tuple(find_tasks()), (), Path("nowhere"))

    def open_submission(self) -> contextlib.AbstractContextManager[None]:
        """Open nothing."""
        return contextlib.nullcontext()


def always_the_same(coursework: Coursework) -> dict[str, str]:
    """Return fingerprints of tasks that no change changes."""
    return {task.id: "always the same" for task in coursework.tasks}
