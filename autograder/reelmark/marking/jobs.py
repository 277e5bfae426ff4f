"""Jobs: one submission each, and how to ask the judge to mark it.

Collecting suites needs pytest and Hypothesis, which are slow to import. Only the
judge's own modules do; the process that starts the judge does not.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reelmark.manifest import Coursework
from reelmark.processes.forkserver import ServerProcess, ask
from reelmark.processes.limits import Limits
from reelmark.results import CheckResult, check_of, plain_of
from reelmark.wire import frames
from reelmark.wire.assignment import Assignment
from reelmark.wire.codec import pack, unpack

Told = Callable[[dict[str, Any]], None]
"""Called with whatever a judge reports while it marks."""


@dataclass(frozen=True)
class Job:
    """What the judge of one submission needs to know.

    Attributes:
        student: The student's name in results.
        snapshot: The folder of the submission's sources.
        notes: Sentences about the submission as a whole, for its author.
        refusal: Why there are no sources to mark; empty if there are.
        fingerprint: Identifies what is marked, and with what.
        confinement: How well workers are confined, in words for the result.
        result: The file to write.
        scratch: A folder in which workers get their scratch folders.
        uid: The user that workers become if root starts them.
        limits: What a check may use.
        tasks: Ids of the tasks to check, in this order; all if empty.
        until_failure: Whether to stop after the first check that fails.
        hidden: Whether to run the hidden checks instead of the public ones.
        settled: The file with results that are settled already: for hidden checks,
            those of the public ones, which were written before a worker saw any hidden
            input; and those found by a judge that was stopped.
        stopped: Ids of checks in which a judge was stopped.
        faulty: Ids of checks in which the reference meets a fault too.
        is_over: Whether there is no time left for more checks.
        remarks: Sentences about the submission that only an instructor is told.
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
    hidden: bool = False
    settled: str = ""
    stopped: tuple[str, ...] = ()
    faulty: tuple[str, ...] = ()
    is_over: bool = False
    remarks: tuple[str, ...] = ()


class Judge(ServerProcess):
    """The judge's process, as seen by its starter.

    Args:
        coursework: The coursework whose suites it collects.
        is_practice: As in `judge_arguments`.
        hidden: As in `judge_arguments`.
    """

    def __init__(
        self, coursework: Coursework, *, is_practice: bool = False, hidden: bool = True
    ) -> None:
        arguments = judge_arguments(coursework, is_practice=is_practice, hidden=hidden)
        super().__init__("reelmark.marking.judge", arguments)


PRACTICE, HIDDEN = "practice", "hidden"
BEGUN = "begun"
"""The key under which a judge sends the result of a check if it is stopped in it.
"""


def judge_arguments(
    coursework: Coursework, *, is_practice: bool, hidden: bool
) -> tuple[str, ...]:
    """Return the arguments of a judge as a program.

    Args:
        coursework: The coursework whose suites it collects.
        is_practice: Whether it is for a student's own practice: then it tries fewer
            examples, and reports the result of each check at once.
        hidden: Whether it also collects the hidden suite, if there is one.
    """
    words = {PRACTICE: is_practice, HIDDEN: hidden}
    root = str(coursework.root.resolve())
    return (root, *(word for word, is_told in words.items() if is_told))


@dataclass(frozen=True)
class AtWork:
    """A judge at work on a job: our end of the line to it, and its process."""

    line: socket.socket
    pid: int


@contextlib.contextmanager
def fork_judge(
    job: Job, judge: socket.socket, workers: socket.socket
) -> Iterator[AtWork]:
    """Fork a judge for a job, and end it on leaving the context.

    Args:
        job: What to mark.
        judge: A connection to the judge. Closing it ends the marking.
        workers: A connection to the warm parent.

    Raises:
        KitFault: No process can be forked.
    """
    line, theirs = socket.socketpair()
    with line:
        with theirs:
            request = {"do": "spawn"}
            answer = ask(judge, request, theirs.fileno(), workers.fileno())
        with contextlib.suppress(frames.Closed):
            frames.send_frame(line, pack_job(job))
        yield AtWork(line, answer["outside"])
        ask(judge, {"do": "end", "pid": answer["pid"]})


def describe_check(task_id: str, result: CheckResult) -> dict[str, Any]:
    """Return what a judge reports about a check."""
    return {"task": task_id, **plain_of(result)}


def read_check(told: dict[str, Any]) -> tuple[str, CheckResult]:
    """Return what `describe_check` described: the task's id, and the result."""
    fields = {key: value for key, value in told.items() if key != "task"}
    return told["task"], check_of(fields)


def pack_job(job: Job) -> bytes:
    """Return the frame that `read_job` reads."""
    return pack(asdict(job))


def read_job(frame: bytes) -> Job:
    """Return the job that a frame holds."""
    fields = unpack(frame)
    return Job(**{**fields, "limits": Limits(**fields["limits"])})


COPY = "submission"
"""The folder in a worker's scratch folder that holds its copy of the submission."""


def lend(folder: Path, scratch: Path) -> Path:
    """Copy a submission to a place where a worker may write; return the copy.

    So a module may keep files beside itself, as it can at home. The next worker gets
    a new copy.
    """
    return Path(shutil.copytree(folder, scratch / COPY))


def assign(
    coursework: Coursework,
    folder: Path,
    scratch: Path,
    stand_ins: tuple[str, ...],
    uid: int | None = None,
    *,
    hidden: bool = False,
) -> Assignment:
    """Return what a worker for the submission in ``folder`` needs to know.

    Unless the worker is for hidden checks, their data are as secret as the checks: a
    public message can carry whatever the worker could read to the student.
    """
    secrets = [coursework.solutions, coursework.hidden_suite]
    secrets += [] if hidden else [coursework.hidden_inputs]
    return Assignment(
        folder=str(folder.resolve()),
        modules=coursework.modules,
        stubs=str(coursework.stubs),
        support=str(coursework.worker_support),
        scratch=str(scratch),
        stand_ins=stand_ins,
        inputs=tuple(map(str, coursework.inputs(hidden=hidden))),
        secrets=tuple(map(str, secrets)),
        uid=uid,
    )
