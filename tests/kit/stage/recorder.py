"""A backend that marks nothing, for tests of what a run asks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from reelmark.confinement.level import Level
from reelmark.marking.jobs import Job
from reelmark.results import TaskResult, summarise, write_result

Answer = Callable[[Job], BaseException | Sequence[TaskResult] | None]
"""Decides the outcome of a job: an exception, or tasks; None for no tasks."""


class Recorder:
    """A backend that answers what it is told to, and remembers what it was asked for.

    Attributes:
        asked: For each job, the student and whether it was for hidden checks.
    """

    is_warm = True
    level = Level.LANDLOCK_SECCOMP
    findings = ()

    def __init__(self, answer: Answer) -> None:
        self.asked: list[tuple[str, bool]] = []
        self._answer = answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def start(self) -> None:
        """Have nothing to start."""

    stop = show_hidden_inputs = start

    def mark(self, job: Job, slot: int, tell: Any = None) -> None:
        """Write the answer as a result, or raise it."""
        del slot, tell
        self.asked.append((job.student, job.hidden))
        answer = self._answer(job)
        if isinstance(answer, BaseException):
            raise answer
        is_ready = Path(job.settled).is_file() or not job.hidden
        result = summarise(
            job.student,
            answer or (),
            notes=() if is_ready else ("nothing is settled",),
            fingerprint=job.fingerprint,
            confinement=job.confinement,
        )
        write_result(result, Path(job.result))
