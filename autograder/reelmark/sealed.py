"""Sealed mode: workers in processes of their own, forked from a warm parent.

`WarmParent` is held by the process that runs a class; it starts the parent and
hands out connections to it. `SealedWorker` is held by a process that marks; it
asks over such a connection for workers, talks to them and watches their limits.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import Any

from reelmark import wire
from reelmark.confine import Level, bare_environment
from reelmark.errors import Crashed, KitFault, TimedOut
from reelmark.limits import Limits, Stopwatch
from reelmark.wall import Wall, find_pid
from reelmark.worker import Assignment
from reelmark.zygote import receive_message, send_message

START_SECONDS = 120


class WarmParent:
    """The warm parent's process, once started; a context manager that ends it.

    Args:
        wall: What to put around it; None to leave it as it is.

    Attributes:
        level: How well workers are confined, proved by a canary when it is ready.
        findings: What the canary found wrong, a sentence each.
    """

    def __init__(self, wall: Wall | None = None) -> None:
        self._wall = wall
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self.level = Level.PROCESS
        self.findings: tuple[str, ...] = ()

    def __enter__(self) -> WarmParent:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process; returns at once, while it imports TensorFlow.

        Raises:
            UsageError: There is no wall here.
        """
        if self._wall:
            self._wall.require()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", "-s", "-m", "reelmark.zygote"]
        command.append(str(theirs.fileno()))
        if self._wall:
            command = self._wall.wrap(command)
        self._process = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the run, which then ends this
            env={**bare_environment(os.environ), "TF_CPP_MIN_LOG_LEVEL": "3"},
        )
        theirs.close()

    def wait_until_ready(self) -> None:
        """Wait until forks are possible.

        Raises:
            KitFault: The process died, or took longer than two minutes.
        """
        assert self._control is not None, "start() comes first"
        self._control.settimeout(START_SECONDS)
        try:
            told, _ = receive_message(self._control)
        except (wire.Closed, TimeoutError) as error:
            raise KitFault(
                "The process that imports TensorFlow did not start. Try "
                '`python -c "import tensorflow"`; it should end without an error.'
            ) from error
        self._control.settimeout(None)
        self.level = Level[told["level"]]
        if self._wall:
            self.level = self.level.behind_wall()
        self.findings = tuple(told["findings"])

    def is_alive(self) -> bool:
        """Return whether the process still runs."""
        return self._process is not None and self._process.poll() is None

    def connect(self) -> socket.socket:
        """Return a new connection over which workers can be asked for."""
        assert self._control is not None, "start() comes first"
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        send_message(self._control, {}, theirs.fileno())
        theirs.close()
        return ours

    def stop(self) -> None:
        """End the process and all its workers."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            # Its workers asked the kernel to die with it.
            self._process.kill()
            self._process.wait()
        self._control = self._process = None


def is_answering(connection: socket.socket) -> bool:
    """Return whether the warm parent at the other end is still there."""
    try:
        send_message(connection, {"do": "end", "pid": 0})
        receive_message(connection)
    except wire.Closed:
        return False
    return True


class SealedWorker:
    """A worker in a process of its own."""

    def __init__(
        self, connection: socket.socket, assignment: Assignment, limits: Limits
    ) -> None:
        self._connection = connection
        self._sock, theirs = socket.socketpair()
        request = {"do": "spawn", **vars(assignment)}
        answer = self._ask_parent(request, theirs.fileno())
        theirs.close()
        if "fault" in answer:
            raise KitFault(answer["fault"])
        self._pid: int | None = answer["pid"]
        # Setting up is not the student's time, nor their fault if it fails.
        self._stopwatch = Stopwatch(answer["outside"], Limits())
        self._wait_until_ready()
        self._stopwatch = Stopwatch(answer["outside"], limits)

    def begin_check(self) -> None:
        """Start measuring the limits anew."""
        self._stopwatch.restart()

    def exchange(self, frame: bytes) -> bytes:
        """Send a request and return the answer.

        Raises:
            TimedOut: A limit on time was reached; the worker is gone.
            Crashed: The worker ended, or sent what is no answer.
        """
        self._watch()
        try:
            wire.send_frame(self._sock, frame, self._watch)
            return wire.receive_frame(self._sock, self._watch)
        except wire.Closed:
            raise Crashed(_how_it_ended(self.close())) from None

    def close(self) -> dict[str, int]:
        """End the worker; return how it ended."""
        pid, self._pid = self._pid, None
        self._sock.close()
        return self._ask_parent({"do": "end", "pid": pid}) if pid else {}

    @property
    def is_alive(self) -> bool:
        """Whether the worker has not been ended."""
        return self._pid is not None

    def _wait_until_ready(self) -> None:
        try:
            wire.receive_frame(self._sock, self._watch)
        except wire.Closed:
            end = _how_it_ended(self.close())
            raise KitFault(f"A worker cannot be set up: {end}.") from None
        except TimedOut as limit:
            raise KitFault(f"A worker is not set up after {limit}.") from None

    def _watch(self) -> None:
        if limit := self._stopwatch.exceeded():
            self.close()
            raise TimedOut(limit)

    def _ask_parent(self, request: dict[str, Any], *descriptors: int) -> Any:
        try:
            send_message(self._connection, request, *descriptors)
            answer, opened = receive_message(self._connection)
        except wire.Closed as error:
            raise KitFault("the warm parent is gone") from error
        if "pid" in answer:
            answer["outside"] = find_pid(opened[0]) if opened else answer["pid"]
        return answer


def _how_it_ended(status: dict[str, int]) -> str:
    number = status.get("signal")
    if not number:
        return f"the process ended itself with exit code {status.get('code', 0)}"
    names = {signal.value: signal.name for signal in signal.Signals}
    return f"the process was ended by {names.get(number, f'signal {number}')}"
