"""Backends: the processes that mark, and how they come to be.

On Linux they are forks of two servers that got ready once. Elsewhere each is
started anew, which takes seconds instead of milliseconds, and nothing confines
what students wrote. `grading.run` need not know which.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any, Protocol, Self

from reelmark.confinement.bubblewrap import Wall
from reelmark.confinement.level import Level
from reelmark.confinement.privileges import worker_uid
from reelmark.errors import CannotMark, KitFault, UsageError
from reelmark.manifest import Coursework
from reelmark.marking.jobs import (
    ONE_THREAD,
    Job,
    Judge,
    Told,
    follow,
    judge_arguments,
    mark_submission,
)
from reelmark.processes.forked import NO_TENSORFLOW, Zygote
from reelmark.processes.forkserver import START_SECONDS
from reelmark.processes.spawned import SpawnedProcess, start_options
from reelmark.wire.codec import pack

# Bounds on the whole of one submission, far above what its checks' limits allow.
MARKING_SECONDS = 3_600.0
SPAWNED_MARKING_SECONDS = 4 * MARKING_SECONDS


class Backend(Protocol):
    """What a run needs of the processes that mark; its threads share one."""

    is_warm: bool
    """Whether a job costs no start of a process that imports TensorFlow."""

    @property
    def level(self) -> Level:
        """How well workers are confined, once it has started."""

    @property
    def findings(self) -> tuple[str, ...]:
        """What is wrong with that, a sentence each."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def start(self) -> None:
        """Start what has to be there before anything is marked, if it is not there.

        Raises:
            CannotMark: It does not start, here or with these suites.
        """

    def mark(self, job: Job, slot: int, tell: Told | None = None) -> None:
        """Have a submission marked, and wait until its result is written.

        Args:
            job: What to mark.
            slot: Which of the submissions that are marked at a time, from 0.
            tell: Called with each check's result at once, if it is for practice.

        Raises:
            CannotMark: The suites cannot be collected.
            KitFault: There is no process to mark it.
        """

    def stop(self) -> None:
        """End all that is being marked; nothing is marked afterwards."""

    def go_on(self) -> None:
        """Mark again, after a stop."""


def choose_backend(
    coursework: Coursework, wall: Wall | None = None, *, is_practice: bool = False
) -> Backend:
    """Return what marks on this system.

    Args:
        coursework: The coursework whose suites mark.
        wall: What to put around the workers; None for nothing.
        is_practice: Whether it is for a student's own practice.

    Raises:
        UsageError: There is no wall on this system.
    """
    if sys.platform == "linux":
        return ForkingBackend(coursework, wall, is_practice=is_practice)
    if wall:
        raise UsageError("A wall of bubblewrap takes Linux: leave --wall out.")
    return SpawningBackend(coursework, is_practice=is_practice)


class ForkingBackend:
    """Judges and confined workers, forked from two servers (Linux)."""

    is_warm = True

    def __init__(
        self,
        coursework: Coursework,
        wall: Wall | None = None,
        *,
        is_practice: bool = False,
    ) -> None:
        self._parent = Zygote(wall)
        self._judge = Judge(coursework, is_practice=is_practice)
        self._lock = threading.Lock()
        self._markings: set[socket.socket] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._judge.stop()
        self._parent.stop()

    @property
    def level(self) -> Level:
        """How well workers are confined, proved by a canary."""
        return self._parent.level

    @property
    def findings(self) -> tuple[str, ...]:
        """What the canary found wrong."""
        return self._parent.findings

    def start(self) -> None:
        """Start the servers that are not there, both at a time."""
        with self._lock:
            servers = (self._parent, self._judge)
            missing = [server for server in servers if not server.is_alive()]
            for server in missing:
                server.stop()
                server.start()
            for server in missing:
                try:
                    server.wait_until_ready()
                except KitFault as fault:
                    raise CannotMark(str(fault)) from fault

    def mark(self, job: Job, slot: int, tell: Told | None = None) -> None:
        """Mark in a fork of the judge, with forks of the warm parent."""
        job = replace(job, uid=worker_uid(slot))
        with self._connect() as (judge, workers):
            mark_submission(job, judge, workers, MARKING_SECONDS, tell)

    def stop(self) -> None:
        """Close the connections: what was forked for them ends with them."""
        for connection in list(self._markings):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def go_on(self) -> None:
        """Do nothing: only what went on at the time was ended."""

    @contextlib.contextmanager
    def _connect(self) -> Iterator[tuple[socket.socket, socket.socket]]:
        """Hold a connection to each server; what they forked for it ends with it."""
        with contextlib.ExitStack() as stack:
            with self._lock:
                judge = stack.enter_context(self._judge.connect())
                workers = stack.enter_context(self._parent.connect())
            self._markings.add(judge)
            try:
                yield judge, workers
            finally:
                self._markings.discard(judge)


class SpawningBackend:
    """Judges and workers that are started anew, and that nothing confines."""

    is_warm = False
    level = Level.PROCESS
    findings: tuple[str, ...] = ()

    def __init__(self, coursework: Coursework, *, is_practice: bool = False) -> None:
        self._arguments = judge_arguments(coursework, is_practice=is_practice)
        self._lock = threading.Lock()
        self._is_proved = False
        self._is_stopped = False
        self._judges: set[SpawnedProcess] = set()

    def __enter__(self) -> Self:
        self.go_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """See once that workers can start: that is no submission's affair."""
        with self._lock:
            if not self._is_proved:
                _import_tensorflow()
            self._is_proved = True

    def mark(
        self,
        job: Job,
        slot: int,  # noqa: ARG002 (users are Linux's)
        tell: Told | None = None,
    ) -> None:
        """Mark in a process that is started for it, and that starts the workers."""
        task = pack(asdict(job))
        module = "reelmark.marking.spawned_judge"
        judge = SpawnedProcess(module, task, self._arguments, ONE_THREAD)
        self._judges.add(judge)
        try:
            if not self._is_stopped:
                _wait_for(judge, tell)
        finally:
            self._judges.discard(judge)
            judge.end()

    def stop(self) -> None:
        """Kill the judges; their workers end with them."""
        self._is_stopped = True
        for judge in list(self._judges):
            judge.kill()

    def go_on(self) -> None:
        """Start judges again."""
        self._is_stopped = False


def _wait_for(judge: SpawnedProcess, tell: Told | None) -> None:
    """Wait until a judge has ended; without a result if it takes too long.

    Raises:
        CannotMark: It cannot collect the suites.
    """

    def listen(told: dict[str, Any]) -> None:
        if "fault" in told:
            raise CannotMark(told["fault"])
        if tell and "task" in told:
            tell(told)

    follow(judge.sock, SPAWNED_MARKING_SECONDS, listen)


def _import_tensorflow() -> None:
    code = "from reelmark.worker.runner import warm_up; warm_up()"
    try:
        subprocess.run(
            [sys.executable, "-P", "-s", "-c", code],
            check=True,
            timeout=START_SECONDS,
            stdin=subprocess.DEVNULL,
            **start_options({}),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotMark(NO_TENSORFLOW) from error
