"""The link to a worker in a process of its own, however it was started."""

from __future__ import annotations

import abc
import signal
import socket
from pathlib import Path

from reelmark.errors import Crashed, KitFault, OutOfMemory, TimedOut
from reelmark.processes.limits import Limits, Meter
from reelmark.processes.whereabouts import read_printed, read_whereabouts
from reelmark.wire import frames
from reelmark.wire.assignment import WHEREABOUTS, Assignment


class ProcessWorker(abc.ABC):
    """A worker in a process of its own, however it was started.

    Args:
        sock: Our end of the connection to the worker.
        pid: Its process id.
        assignment: What it needs to know.
        limits: What it may use in a check.
        setting_up: What it may use before it has seen any of the student's code. That
            is not the student's time, and a failure is not the student's fault.
    """

    def __init__(
        self,
        sock: socket.socket,
        pid: int,
        assignment: Assignment,
        limits: Limits,
        setting_up: Limits,
    ) -> None:
        self._sock = sock
        scratch = Path(assignment.scratch)
        self._whereabouts = scratch / WHEREABOUTS
        self._folder = Path(assignment.folder)
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
        """Start measuring against the limits afresh."""
        self._meter.restart()

    def end_check(self) -> None:
        """Measure what the check has left behind against the limits.

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
        """Close a worker that seems to have ended; return how it ended."""

    def _watch(self, *, at_once: bool = False) -> None:
        if limit := self._meter.exceeded(at_once=at_once):
            if isinstance(limit, TimedOut):
                limit.frames = read_whereabouts(self._whereabouts, self._folder)
                limit.printed = read_printed(self._whereabouts)
            self.close()
            raise limit


def _how_it_ended(status: dict[str, int]) -> str:
    number = status.get("signal")
    if not number:
        return f"the process ended itself with exit code {status.get('code', 0)}"
    names = {signal.value: signal.name for signal in signal.Signals}
    return f"the process was ended by {names.get(number, f'signal {number}')}"
