"""Jobs: one submission each, and how the judge is asked to do one.

The judge's own modules collect suites; who starts it needs none of what that
takes, pytest and Hypothesis, which are slow to import.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reelmark.manifest import Coursework
from reelmark.processes.forkserver import ServerProcess, ask
from reelmark.processes.limits import Limits
from reelmark.results import CheckResult, Status
from reelmark.wire import frames
from reelmark.wire.assignment import Assignment
from reelmark.wire.codec import pack, unpack

Told = Callable[[dict[str, Any]], None]
"""Called with what a judge tells while it marks."""


@dataclass(frozen=True)
class Job:
    """What the judge of one submission needs to know.

    Attributes:
        student: The name that results carry.
        snapshot: The folder of the submission's sources.
        notes: Sentences about the submission as a whole, for its author.
        refusal: Why there are no sources to mark; empty if there are.
        fingerprint: Identifies what is marked with what.
        confinement: How well workers are confined, in words for the result.
        result: The file to write.
        scratch: A folder in which workers get theirs.
        uid: The user that workers become if root starts them.
        limits: What a check may use.
        tasks: Ids of the tasks to check, in this order; all if empty.
        until_failure: Whether nothing more is checked once a check has failed.
    """

    student: str
    snapshot: str
    notes: tuple[str, ...]
    refusal: str
    fingerprint: str
    confinement: str
    result: str
    scratch: str
    uid: int | None
    limits: Limits
    tasks: tuple[str, ...] = ()
    until_failure: bool = False


class Judge(ServerProcess):
    """The judge's process, as its starter holds it.

    Args:
        coursework: The coursework whose suites it collects.
        is_practice: Whether it is for a student's own practice (`judge_arguments`).
    """

    def __init__(self, coursework: Coursework, *, is_practice: bool = False) -> None:
        arguments = judge_arguments(coursework, is_practice=is_practice)
        super().__init__("reelmark.marking.judge", arguments, ONE_THREAD)


PRACTICE = "practice"


def judge_arguments(coursework: Coursework, *, is_practice: bool) -> tuple[str, ...]:
    """Return what a judge is told as a program.

    For practice it collects the public suite alone, tries fewer examples, and tells
    the result of each check at once.
    """
    return (str(coursework.root), *([PRACTICE] if is_practice else []))


# Checks compute little; threads would take time from workers.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def mark_submission(
    job: Job,
    judge: socket.socket,
    workers: socket.socket,
    seconds: float,
    tell: Told | None = None,
) -> None:
    """Have a submission marked, and wait until its result is written.

    Args:
        job: What to mark.
        judge: A connection to the judge. Closing it ends what goes on.
        workers: A connection to the warm parent.
        seconds: Time on the clock, after which it is ended.
        tell: Called with what a judge for practice tells.

    Raises:
        KitFault: No process can be forked.
    """
    line, theirs = socket.socketpair()
    with line:
        with theirs:
            request = {"do": "spawn"}
            pid = ask(judge, request, theirs.fileno(), workers.fileno())["pid"]
        with contextlib.suppress(frames.Closed):
            frames.send_frame(line, pack(asdict(job)))
        follow(line, seconds, tell or _ignore)
        ask(judge, {"do": "end", "pid": pid})


def follow(line: socket.socket, seconds: float, tell: Told) -> None:
    """Pass on what a judge tells, until it has ended or has taken too long."""
    deadline = time.monotonic() + seconds

    def watch() -> None:
        if time.monotonic() > deadline:
            raise TimeoutError("the judge does not end")

    with contextlib.suppress(frames.Closed, TimeoutError):
        while True:
            tell(unpack(frames.receive_frame(line, watch)))


def describe_check(task_id: str, result: CheckResult) -> dict[str, Any]:
    """Return what a judge for practice tells of a check."""
    return {"task": task_id, **asdict(result), "status": result.status.value}


def read_check(told: dict[str, Any]) -> tuple[str, CheckResult]:
    """Return what `describe_check` described: the task's id, and the result."""
    fields = {key: value for key, value in told.items() if key != "task"}
    return told["task"], CheckResult(**{**fields, "status": Status(told["status"])})


def _ignore(told: dict[str, Any]) -> None:
    pass


def read_job(frame: bytes) -> Job:
    """Return the job that a frame holds."""
    fields = unpack(frame)
    return Job(**{**fields, "limits": Limits(**fields["limits"])})


def assign(
    coursework: Coursework,
    folder: Path,
    scratch: Path,
    stand_ins: tuple[str, ...],
    uid: int | None = None,
) -> Assignment:
    """Say what a worker for the submission in ``folder`` needs to know."""
    return Assignment(
        folder=str(folder.resolve()),
        modules=coursework.modules,
        stubs=str(coursework.stubs),
        support=str(coursework.support),
        scratch=str(scratch),
        stand_ins=stand_ins,
        inputs=tuple(map(str, coursework.inputs)),
        secrets=(str(coursework.solutions), str(coursework.hidden_suite)),
        uid=uid,
    )
