"""Sealed mode: workers in processes of their own, forked from a warm parent.

`WarmParent` is held by the process that runs a class; it starts the parent and
hands out connections to it. `SealedWorker` is held by a process that marks; it
asks over such a connection for workers, talks to them and watches their limits.
"""

from __future__ import annotations

import abc
import signal
import socket
from pathlib import Path
from typing import Any

from reelmark.confinement.bubblewrap import Wall
from reelmark.confinement.confine import Level
from reelmark.confinement.privileges import share_scratch
from reelmark.errors import Crashed, KitFault, OutOfMemory, TimedOut
from reelmark.processes.forkserver import ServerProcess, ask
from reelmark.processes.limits import Limits, Meter
from reelmark.wire import frames
from reelmark.worker.runner import Assignment

NO_TENSORFLOW = (
    "The process that imports TensorFlow did not start. Try "
    '`python -c "import tensorflow"`; it should end without an error.'
)


TENSORFLOW = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # oneDNN compiles its kernels anew in every process, which takes a fifth of the
    # processor time of a submission; and it rounds differently on other machines.
    "TF_ENABLE_ONEDNN_OPTS": "0",
}


class WarmParent(ServerProcess):
    """The warm parent's process.

    Args:
        wall: What to put around it; None to leave it as it is.

    Attributes:
        level: How well workers are confined, proved by a canary when it is ready.
        findings: What the canary found wrong, a sentence each.
    """

    def __init__(self, wall: Wall | None = None) -> None:
        super().__init__("reelmark.processes.zygote", environment=TENSORFLOW)
        self._wall = wall
        self.level = Level.PROCESS
        self.findings: tuple[str, ...] = ()

    def start(self) -> None:
        """Start the process; returns at once, while it imports TensorFlow.

        Raises:
            UsageError: There is no wall here.
        """
        if self._wall:
            self._wall.require()
        super().start()

    def wait_until_ready(self) -> dict[str, Any]:
        """Wait until TensorFlow is imported; note what the canary found."""
        told = super().wait_until_ready()
        self.level = Level[told["level"]]
        if self._wall:
            self.level = self.level.behind_wall()
        self.findings = tuple(told["findings"])
        return told

    def _wrap(self, command: list[str]) -> list[str]:
        return self._wall.wrap(command) if self._wall else command

    def _describe_failure(self) -> str:
        return NO_TENSORFLOW


class ProcessWorker(abc.ABC):
    """A worker in a process of its own, however that came to be.

    Args:
        sock: The end of the worker's connection that is ours.
        pid: Its process.
        scratch: The folder that it may write to.
        limits: What a check may use of it.
        setting_up: What it may use before it has seen any of the student's code,
            which is not the student's time, nor their fault if it fails.
    """

    def __init__(
        self,
        sock: socket.socket,
        pid: int,
        scratch: Path,
        limits: Limits,
        setting_up: Limits,
    ) -> None:
        self._sock = sock
        self._meter = Meter(pid, scratch, setting_up)
        self._wait_until_ready()
        self._meter = Meter(pid, scratch, limits)

    @property
    @abc.abstractmethod
    def is_alive(self) -> bool:
        """Whether the worker has not been ended."""

    @abc.abstractmethod
    def close(self) -> dict[str, int]:
        """End the worker; return how it ended."""

    def begin_check(self) -> None:
        """Start measuring the limits anew."""
        self._meter.restart()

    def end_check(self) -> None:
        """Hold what the check has left behind against the limits.

        Raises:
            TimedOut, OutOfMemory, Crashed: A limit was reached; the worker is gone.
        """
        if self.is_alive:
            self._watch(at_once=True)

    def exchange(self, frame: bytes) -> bytes:
        """Send a request and return the answer.

        Raises:
            TimedOut, OutOfMemory: A limit was reached; the worker is gone.
            Crashed: The worker ended, or reached another limit.
            WireError: It announced more than an answer may hold.
        """
        try:
            self._watch()
            frames.send_frame(self._sock, frame, self._watch)
            return frames.receive_frame(self._sock, self._watch)
        except frames.Closed:
            raise Crashed(_how_it_ended(self._bury())) from None

    def _wait_until_ready(self) -> None:
        try:
            frames.receive_frame(self._sock, self._watch)
        except frames.Closed:
            end = _how_it_ended(self._bury())
            raise KitFault(f"A worker cannot be set up: {end}.") from None
        except (TimedOut, OutOfMemory, Crashed) as limit:
            raise KitFault(f"A worker is not set up: {limit}.") from None

    @abc.abstractmethod
    def _bury(self) -> dict[str, int]:
        """Close a worker that seems to have ended; return how it did."""

    def _watch(self, *, at_once: bool = False) -> None:
        if limit := self._meter.exceeded(at_once=at_once):
            self.close()
            raise limit


class SealedWorker(ProcessWorker):
    """A worker that the warm parent forks."""

    def __init__(
        self, connection: socket.socket, assignment: Assignment, limits: Limits
    ) -> None:
        self._connection = connection
        sock, theirs = socket.socketpair()
        scratch = Path(assignment.scratch)
        if assignment.uid is not None:
            share_scratch(scratch, assignment.uid)
        with theirs:
            request = {"do": "spawn", **vars(assignment)}
            answer = ask(connection, request, theirs.fileno())
        self._pid: int | None = answer["pid"]
        super().__init__(sock, answer["outside"], scratch, limits, Limits())

    def close(self) -> dict[str, int]:
        """End the worker; return how it ended."""
        pid, self._pid = self._pid, None
        self._sock.close()
        return ask(self._connection, {"do": "end", "pid": pid}) if pid else {}

    def _bury(self) -> dict[str, int]:
        # Else it would be chance whether it ends itself or is ended.
        self._meter.wait_for_end()
        return self.close()

    @property
    def is_alive(self) -> bool:
        """Whether the worker has not been ended."""
        return self._pid is not None


def _how_it_ended(status: dict[str, int]) -> str:
    number = status.get("signal")
    if not number:
        return f"the process ended itself with exit code {status.get('code', 0)}"
    names = {signal.value: signal.name for signal in signal.Signals}
    return f"the process was ended by {names.get(number, f'signal {number}')}"
