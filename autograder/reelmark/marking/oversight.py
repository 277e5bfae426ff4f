"""Oversight: a judge, too, is bounded, check by check, by the process that started it.

A judge never runs what a student wrote, but it reads what a worker answers, and that
can be made to take hours. So in the judge, each check has limits on processor time,
memory and wall time. They are measured from outside, because code that does not
return to the interpreter (a regular expression, say) ignores alarms. A judge that
reaches a limit, or ends by itself, is replaced by another one, which goes on with
the next check: this costs one check, not the submission.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from reelmark.errors import Crashed, OutOfMemory, TimedOut
from reelmark.marking.faults import name_fault
from reelmark.marking.jobs import (
    BEGUN,
    AtWork,
    Job,
    Told,
    describe_check,
    read_check,
)
from reelmark.processes.limits import GIGABYTE, Limits, Meter
from reelmark.results import (
    CheckResult,
    read_result,
    summarise,
    summarise_task,
    write_result,
)
from reelmark.wire import frames
from reelmark.wire.codec import unpack

CPU_SECONDS = 10.0
"""For a judge in one check. With honest work, no check needs half a second."""

MEMORY_BYTES = 2 * GIGABYTE
"""For a judge, which holds a quarter of a gigabyte before its first job."""

PATIENCE = 8
"""How many times its workers' wall time a check may take. It may be run again in
another worker, and with stand-ins, and workers take time to start."""

LAST_SECONDS = 60.0
"""For a judge that runs no more checks, and only writes what is known."""

Start = Callable[[Job], AbstractContextManager[AtWork]]
"""Starts a judge for a job, and ends it on leaving the context."""

Checked = tuple[str, CheckResult]
"""The id of a task, and the result of one of its checks."""


def oversee(job: Job, start: Start, seconds: float, tell: Told | None = None) -> None:
    """Mark a submission, and wait until its result is written.

    Args:
        job: What to mark.
        start: Starts a judge.
        seconds: Wall time after which no more checks are begun.
        tell: Called with the result of each check, at once.

    Raises:
        KitFault: No judge can be started.
    """
    deadline = time.monotonic() + seconds
    while True:
        with start(job) as judge:
            follower = Follower(judge, job.limits, deadline, tell or _ignore)
            stopped = follower.follow()
        if stopped is None or job.is_over:
            return
        job = replace(
            job,
            settled=_settle(job, (*follower.settled, stopped)),
            stopped=(*job.stopped, stopped[1].id),
            is_over=time.monotonic() > deadline,
        )
        if job.is_over:
            deadline = time.monotonic() + LAST_SECONDS


def _settle(job: Job, found: Sequence[Checked]) -> str:
    """Write what is settled, for the judge that continues; return the file's path."""
    by_task: dict[str, list[CheckResult]] = {}
    for task in read_result(Path(job.settled)).tasks if job.settled else ():
        by_task[task.id] = [*task.checks]
    for task_id, result in found:
        by_task.setdefault(task_id, []).append(result)
    tasks = [summarise_task(task_id, "", checks) for task_id, checks in by_task.items()]
    path = Path(f"{job.result}.settled")
    write_result(summarise(job.student, tasks), path)
    return str(path)


class Follower:
    """Listens to a judge, and watches what it uses.

    Args:
        judge: The judge.
        limits: What a check may use of its workers.
        deadline: When time is up, in monotonic seconds.
        tell: Called with the result of each check.
    """

    def __init__(
        self, judge: AtWork, limits: Limits, deadline: float, tell: Told
    ) -> None:
        self._line = judge.line
        self._deadline = deadline
        self._tell = tell
        self._meter = Meter(judge.pid, None, limit_judge(limits))
        self._begun: Checked | None = None
        self._since = time.monotonic()
        self.settled: list[Checked] = []

    def follow(self) -> Checked | None:
        """Listen until the judge has ended, or must be stopped.

        Returns:
            The check in which it was stopped or ended, if it was in one.
        """
        try:
            while True:
                self._take(unpack(frames.receive_frame(self._line, self._watch)))
        except frames.Closed:
            kind = "ended"
        except (TimedOut, OutOfMemory, Crashed) as limit:
            kind = _KINDS[type(limit)]
        if self._begun is None:
            return None
        task, result = self._begun
        stopped = task, self._describe_stop(result, kind)
        self._tell(describe_check(*stopped))
        return stopped

    def _take(self, told: dict[str, Any]) -> None:
        if BEGUN in told:
            self._begun = read_check(told[BEGUN])
            self._since = time.monotonic()
            self._meter.restart()
        elif "task" in told:
            self._begun = None
            self.settled.append(read_check(told))
            self._tell(told)
        else:
            self._tell(told)

    def _watch(self) -> None:
        if self._begun and (limit := self._meter.exceeded()):
            raise limit
        if time.monotonic() > self._deadline:
            raise TimedOut("the whole of the submission")

    def _describe_stop(self, result: CheckResult, kind: str) -> CheckResult:
        seconds = round(time.monotonic() - self._since, 3)
        detail = f"The judge, which reads what the submission answers: {kind}."
        fault = name_fault(result.id, f"judge {kind}") if result.fault else ""
        return replace(result, seconds=seconds, fault=fault, detail=detail)


def limit_judge(limits: Limits) -> Limits:
    """Return what a check may use of its judge, given what it may use of workers."""
    return Limits(
        cpu_seconds=CPU_SECONDS,
        wall_seconds=PATIENCE * limits.wall_seconds,
        memory_bytes=MEMORY_BYTES,
    )


_KINDS: dict[type[BaseException], str] = {
    TimedOut: "out of time",
    OutOfMemory: "out of memory",
    Crashed: "out of threads",
}


def _ignore(_told: dict[str, Any]) -> None:
    pass
