"""Spawned processes: where a warm process cannot be forked, each is started anew.

On macOS TensorFlow does not survive a fork, and Windows has none. A spawned process
joins its starter over a socket on this machine's loopback network, which all systems
have. Its standard input tells it the address, and a token to show that it is no
stranger; its standard output leads nowhere, so nothing that a student prints can be
taken for an answer.

Nothing confines it, and the kernel does not end it with its starter: it ends itself
when its standard input ends.
"""

from __future__ import annotations

import _thread
import contextlib
import hmac
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import IO

from reelmark.errors import KitFault
from reelmark.processes.environment import process_options
from reelmark.processes.forkserver import START_SECONDS
from reelmark.processes.limits import Limits
from reelmark.processes.link import ProcessWorker
from reelmark.wire import frames
from reelmark.wire.assignment import Assignment
from reelmark.wire.codec import pack

LOOPBACK = "127.0.0.1"

GREETING_SECONDS = 10.0
"""Seconds for which a stranger who connects can keep others waiting."""

LAST_SECONDS = 1.0
"""Seconds that a process may take to end once it has closed its connection."""

SETTING_UP = Limits(cpu_seconds=START_SECONDS, wall_seconds=START_SECONDS)
"""What a worker may use until it is ready: it imports TensorFlow."""


class SpawnedProcess:
    """One of the kit's processes, started anew, and the connection to it.

    Args:
        module: The module that it runs as a program.
        task: The first frame that is sent to it.
        arguments: Further arguments of the program.

    Attributes:
        sock: The connection.
        pid: Python's process id: in a virtual environment on Windows, the process
            that is started is not Python itself, but a launcher.

    Raises:
        KitFault: It did not start.
    """

    def __init__(
        self,
        module: str,
        task: bytes,
        arguments: tuple[str, ...] = (),
    ) -> None:
        try:
            with socket.create_server((LOOPBACK, 0)) as listener:
                self._popen = _start([module, *arguments])
                self.sock, self.pid = self._meet(listener)
            frames.send_frame(self.sock, task)
        except OSError as error:
            raise KitFault(f"The process {module} did not start: {error}.") from error

    @property
    def has_ended(self) -> bool:
        """Whether the process has ended, by itself or not."""
        return self._popen.poll() is not None

    def kill(self) -> None:
        """Kill the process, and those that it has started."""
        if self.has_ended:
            return
        import psutil

        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self._popen.pid).children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    process.kill()
        self._popen.kill()

    def end(self, patience: float = 0.0) -> dict[str, int]:
        """End the process; return how it ended.

        Args:
            patience: Seconds in which it may end by itself.
        """
        self.sock.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(patience)
        code = self._bury()
        return {"signal": max(-code, 0), "code": max(code, 0)}

    def _meet(self, listener: socket.socket) -> tuple[socket.socket, int]:
        """Wait until the process has joined; return its connection and its id.

        Raises:
            OSError: It does not join, and is gone.
        """
        token, port = secrets.token_hex(), listener.getsockname()[1]
        with contextlib.suppress(OSError):  # its end is noticed below
            self._lifeline.write(f"{port} {token}\n".encode())
        listener.settimeout(frames.TICK)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and not self.has_ended:
            with contextlib.suppress(TimeoutError):
                sock, _ = listener.accept()
                if pid := _recognise(sock, token):
                    return sock, pid
        raise OSError(f"it has not joined, and ended with {self._bury()}")

    @property
    def _lifeline(self) -> IO[bytes]:
        """The process's standard input, which is open as long as this one lives."""
        assert self._popen.stdin is not None, "it is a pipe"
        return self._popen.stdin

    def _bury(self) -> int:
        self.kill()
        self._lifeline.close()
        return self._popen.wait()


class SpawnedWorker(ProcessWorker):
    """A worker that is started anew, where none can be forked."""

    def __init__(self, assignment: Assignment, limits: Limits) -> None:
        task = pack(vars(assignment))
        program = "reelmark.processes.spawned_worker"
        process = SpawnedProcess(program, task)
        self._process, self._is_closed = process, False
        super().__init__(process.sock, process.pid, assignment, limits, SETTING_UP)

    @property
    def is_alive(self) -> bool:
        """Whether the worker has not been ended."""
        return not self._is_closed

    def close(self) -> dict[str, int]:
        """End the worker; return how it ended."""
        self._is_closed = True
        return self._process.end()

    def _bury(self) -> dict[str, int]:
        self._is_closed = True
        return self._process.end(LAST_SECONDS)

    def _watch(self, *, at_once: bool = False) -> None:
        super()._watch(at_once=at_once)
        # A process started by student code may keep the connection open. Nothing waits
        # for that at the end of a check; the next request notices the end.
        if self._process.has_ended and not at_once:
            raise frames.Closed("the process is over")


def join() -> socket.socket:
    """Connect this process to the one that started it, and end with it.

    Call it before any student code is imported: afterwards standard input and
    output no longer serve the kit.
    """
    lifeline = os.dup(0)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.close(silence)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    port, token = _read_line(lifeline).split()
    sock = socket.create_connection((LOOPBACK, int(port)))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    frames.send_frame(sock, f"{token} {os.getpid()}".encode())
    # Not threading's: a student who waits for all threads need not wait for this.
    _thread.start_new_thread(_end_with, (lifeline,))
    return sock


def _start(words: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-s", "-m", *words]
    options = {**process_options(), "stdin": subprocess.PIPE}
    return subprocess.Popen(command, bufsize=0, **options)


def _recognise(sock: socket.socket, token: str) -> int:
    """Return the id of a process that knows the token; close others, and return 0."""
    deadline = time.monotonic() + GREETING_SECONDS

    def watch() -> None:
        if time.monotonic() > deadline:
            raise TimeoutError("it does not greet")

    with contextlib.suppress(OSError, ValueError):
        told, pid = frames.receive_frame(sock, watch).decode("ascii").split()
        if hmac.compare_digest(told, token):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return int(pid)
    sock.close()
    return 0


def _read_line(descriptor: int) -> str:
    line = b""
    while not line.endswith(b"\n"):
        part = os.read(descriptor, 1)
        if not part:
            os._exit(1)  # the starter of this process is gone
        line += part
    return line.decode("ascii")


def _end_with(
    lifeline: int,
    read: Callable[[int, int], bytes] = os.read,
    end: Callable[[int], object] = os._exit,
) -> None:
    """Wait until the starter is gone, then end; a student may have replaced ``os``."""
    try:
        while read(lifeline, 1):
            pass
    finally:
        end(1)
