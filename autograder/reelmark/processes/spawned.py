"""Spawned processes: where no warm process can be forked, each is started anew.

Macs and Windows have no fork that TensorFlow survives, or none at all. A spawned
process joins its starter over a socket of this machine's own loopback network,
which all systems have. Its standard input tells it where, and with what token to
show that it is no stranger; standard output leads nowhere, so that nothing that a
student prints is taken for an answer.

Nothing confines it, and the kernel does not end it with its starter: it ends
itself when its standard input does.
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
"""How long a stranger who connects can keep the others waiting."""

LAST_SECONDS = 1.0
"""How long a process that has closed its connection may take to end itself."""

SETTING_UP = Limits(cpu_seconds=START_SECONDS, wall_seconds=START_SECONDS)
"""What a worker may use until it is ready: it imports TensorFlow."""


class SpawnedProcess:
    """A process of the kit's, started anew, and the connection to it.

    Args:
        module: What it runs, as a program.
        task: The first frame that it is sent.
        arguments: What else it is told.

    Attributes:
        sock: The connection.
        pid: Its own process id: on Windows, what is started in a virtual
            environment is not Python, but what starts Python.

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
        """Whether the process is over, by itself or not."""
        return self._popen.poll() is not None

    def kill(self) -> None:
        """Kill the process, and what it has started."""
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
        with contextlib.suppress(OSError):  # it is found to have ended below
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
        # What a student's code has started may keep the connection open. At the end
        # of a check nothing is waited for; the next request finds that it is over.
        if self._process.has_ended and not at_once:
            raise frames.Closed("the process is over")


def join() -> socket.socket:
    """Connect this process to the one that started it, and end with it.

    Call it before any of a student's code is imported: afterwards nothing that
    is read from the standard input, or written to the output, is the kit's.
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
    """Return the id of a process that knows the token; close the others, 0 for them."""
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
            os._exit(1)  # who started this process is gone
        line += part
    return line.decode("ascii")


def _end_with(
    lifeline: int,
    read: Callable[[int, int], bytes] = os.read,
    end: Callable[[int], object] = os._exit,
) -> None:
    """Wait until the starter is gone, and end; a student may have replaced ``os``."""
    try:
        while read(lifeline, 1):
            pass
    finally:
        end(1)
