"""Backends: the processes that mark, and how they are started.

On Linux they are forks of two servers that get ready once. Elsewhere each is
started anew, which takes seconds instead of milliseconds, and nothing confines
what students wrote. `grading.run` need not know which it has.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, Self, runtime_checkable

from reelmark.confinement.bubblewrap import Walls
from reelmark.confinement.level import Level
from reelmark.confinement.privileges import worker_uid
from reelmark.errors import CannotMark, KitFault, UsageError
from reelmark.manifest import Coursework
from reelmark.marking.jobs import (
    AtWork,
    Job,
    Judge,
    Told,
    fork_judge,
    judge_arguments,
    pack_job,
)
from reelmark.marking.oversight import oversee
from reelmark.processes.environment import process_options, why_no_tensorflow
from reelmark.processes.forked import SealedWorker, Zygote
from reelmark.processes.forkserver import START_SECONDS
from reelmark.processes.limits import Limits
from reelmark.processes.link import ProcessWorker
from reelmark.processes.spawned import SpawnedProcess, SpawnedWorker
from reelmark.wire.assignment import Assignment

# Bounds on a whole submission, above what the limits of its checks allow.
MARKING_SECONDS = 1_800.0
SPAWNED_MARKING_SECONDS = 4 * MARKING_SECONDS


STOPPED = "the run was stopped"

StartWorker = Callable[[Assignment, Limits], ProcessWorker]
"""Starts a worker with an assignment and limits."""


class Backend(Protocol):
    """What a run needs from the processes that mark; its threads share one backend."""

    is_warm: bool
    """Whether a job needs no new process that imports TensorFlow."""

    @property
    def level(self) -> Level:
        """How well workers are confined; known once it has started."""

    @property
    def findings(self) -> tuple[str, ...]:
        """What is wrong with the confinement, one sentence each."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def start(self) -> None:
        """Start whatever must be running before anything is marked.

        Raises:
            CannotMark: It does not start on this machine, or with these suites.
        """

    def mark(self, job: Job, slot: int, tell: Told | None = None) -> None:
        """Mark a submission, and wait until its result is written.

        Args:
            job: What to mark.
            slot: Which of the submissions being marked at the same time, from 0.
            tell: For practice, called with each check's result at once.

        Raises:
            CannotMark: The suites cannot be collected.
            KitFault: There is no process that can mark it.
        """

    def open_workers(self) -> contextlib.AbstractContextManager[StartWorker]:
        """Return a context that starts workers without a judge; they end with it."""

    def show_hidden_inputs(self) -> None:
        """From now on, let workers have what hidden checks use."""

    def stop(self) -> None:
        """End all marking; nothing is marked afterwards."""

    def go_on(self) -> None:
        """Allow marking again, after a stop."""


@runtime_checkable
class Elsewhere(Protocol):
    """What a backend also has if its processes run on other machines."""

    @property
    def workers(self) -> str:
        """The machines that are marking at the moment, in words."""


def choose_backend(
    coursework: Coursework,
    walls: Walls | None = None,
    *,
    is_practice: bool = False,
    hidden: bool = True,
) -> Backend:
    """Return the backend for this system.

    Args:
        coursework: The coursework whose suites are run.
        walls: What to put around the workers; None for nothing.
        is_practice: Whether it is for a student's own practice.
        hidden: Whether hidden checks may be asked for.

    Raises:
        UsageError: This system cannot have a wall.
    """
    if sys.platform == "linux":
        return ForkingBackend(coursework, walls, is_practice=is_practice, hidden=hidden)
    if walls:
        raise UsageError("A wall of bubblewrap takes Linux: leave --wall out.")
    return SpawningBackend(coursework, is_practice=is_practice, hidden=hidden)


class ForkingBackend:
    """Judges and confined workers, forked from two servers (Linux)."""

    is_warm = True

    def __init__(
        self,
        coursework: Coursework,
        walls: Walls | None = None,
        *,
        is_practice: bool = False,
        hidden: bool = True,
    ) -> None:
        self._walls = walls
        self._parent = Zygote(walls.build() if walls else None)
        self._judge = Judge(coursework, is_practice=is_practice, hidden=hidden)
        self._lock = threading.Lock()
        self._markings: set[socket.socket] = set()
        self._num_stops = 0

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
        """Start the servers that are not running, both at the same time."""
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
        start = partial(self._start_judge, self._num_stops)
        oversee(job, start, MARKING_SECONDS, tell)

    @contextlib.contextmanager
    def open_workers(self) -> Iterator[StartWorker]:
        """Yield a function that lets the warm parent fork workers."""
        with self._lock:
            connection = self._parent.connect()
        with connection:
            yield partial(SealedWorker, connection)

    def show_hidden_inputs(self) -> None:
        """If there is a wall, start a warm parent behind one that shows these inputs.

        Without a wall, a worker's own assignment says what it can read.
        """
        if self._walls:
            with self._lock:
                self._parent.stop()
                self._parent = Zygote(self._walls.build(hidden=True))

    def stop(self) -> None:
        """Close the connections: what was forked for them ends with them."""
        self._num_stops += 1
        for connection in list(self._markings):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def go_on(self) -> None:
        """Do nothing: a stop only ends what was running at the time."""

    @contextlib.contextmanager
    def _start_judge(self, num_stops: int, job: Job) -> Iterator[AtWork]:
        """Fork a judge, with connections of its own: its workers end with it.

        Args:
            num_stops: The number of stops before this marking began.
            job: What to mark.
        """
        if num_stops != self._num_stops:
            raise KitFault(STOPPED)
        with (
            self._connect() as (judge, workers),
            fork_judge(job, judge, workers) as at_work,
        ):
            yield at_work

    @contextlib.contextmanager
    def _connect(self) -> Iterator[tuple[socket.socket, socket.socket]]:
        """Hold a connection to each server; children forked for it end with it."""
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

    def __init__(
        self, coursework: Coursework, *, is_practice: bool = False, hidden: bool = True
    ) -> None:
        self._arguments = judge_arguments(
            coursework, is_practice=is_practice, hidden=hidden
        )
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
        """Check once that workers can start, which does not depend on a submission."""
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
        """Mark in a process started for this job, which starts its own workers."""

        def listen(told: dict[str, Any]) -> None:
            if "task" not in told and "fault" in told:
                raise CannotMark(told["fault"])
            if tell and "task" in told:
                tell(told)

        oversee(job, self._start_judge, SPAWNED_MARKING_SECONDS, listen)

    @contextlib.contextmanager
    def open_workers(self) -> Iterator[StartWorker]:
        """Yield a function that starts new workers."""
        yield SpawnedWorker

    def show_hidden_inputs(self) -> None:
        """Do nothing: here workers can read every file they find."""

    def stop(self) -> None:
        """Kill the judges; their workers end with them."""
        self._is_stopped = True
        for judge in list(self._judges):
            judge.kill()

    def go_on(self) -> None:
        """Start judges again."""
        self._is_stopped = False

    @contextlib.contextmanager
    def _start_judge(self, job: Job) -> Iterator[AtWork]:
        module = "reelmark.marking.spawned_judge"
        judge = SpawnedProcess(module, pack_job(job), self._arguments)
        self._judges.add(judge)
        try:
            if self._is_stopped:
                raise KitFault(STOPPED)
            yield AtWork(judge.sock, judge.pid)
        finally:
            self._judges.discard(judge)
            judge.end()


def _import_tensorflow() -> None:
    code = "from reelmark.worker.runner import warm_up; warm_up()"
    try:
        subprocess.run(
            [sys.executable, "-P", "-s", "-c", code],
            check=True,
            timeout=START_SECONDS,
            **process_options(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotMark(why_no_tensorflow()) from error
