"""Fork servers: processes that get ready once, and fork a child for each job.

The kit has two. The warm parent (`zygote`) has imported TensorFlow; its children
run what students wrote. The judge (`judge`) has collected the suites; its
children decide marks. The two never share a process, and neither forks the other.

A server is started with one end of a socket. It sends a message over it when it is
ready, and receives new connections (file descriptors) over it, one for each client
that asks for children; each request is a message over such a connection (the sockets
are sequenced-packet sockets):

``{"do": "spawn", ...}`` with open files attached
    Fork a child; answer ``{"pid"}`` with the open process attached, or
    ``{"fault"}`` if it must not fork.
``{"do": "end", "pid"}``
    Kill and reap that child; answer ``{"signal", "code"}``.

When a connection or a server closes, its children end with it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from reelmark.errors import KitFault
from reelmark.processes.environment import process_options
from reelmark.processes.lifetime import die_with
from reelmark.wire import frames
from reelmark.wire.codec import WireError, pack, unpack

START_SECONDS = 120.0
"""Seconds in which a process must start: it may have to import TensorFlow."""

MOST_DESCRIPTORS = 2
"""The most open files that one message may carry."""

Child = Callable[[], object]
"""What a forked child does before it ends."""

Prepare = Callable[[dict[str, Any], list[int]], Child]
"""Makes a child from a request and the open files that came with it, before the fork.

It raises `KitFault` if there must be no fork.
"""


def begin() -> socket.socket:
    """Return the control socket of a server; call it first in the server's program.

    Garbage is not collected until it serves: nearly everything it imports stays, and
    visiting it again and again would take a fifth of the start-up time.
    """
    gc.disable()
    return socket.socket(fileno=int(sys.argv[1]))


class ForkServer:
    """The server's side: forks children for its connections, and reaps them."""

    def __init__(self, control: socket.socket, prepare: Prepare) -> None:
        self._control = control
        self._prepare = prepare
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)
        self._children: dict[socket.socket, set[int]] = {}

    def serve(self) -> None:
        """Serve requests until the control socket closes."""
        # A child need not visit, and so copy, objects that live for ever.
        gc.freeze()
        gc.enable()
        while True:
            for key, _ in self._selector.select():
                sock: Any = key.fileobj
                try:
                    self._connect() if sock is self._control else self._answer(sock)
                except (frames.Closed, WireError):
                    if sock is self._control:
                        return self._end_all()
                    self._disconnect(sock)

    def _connect(self) -> None:
        _, descriptors = receive_message(self._control)
        sock = socket.socket(fileno=descriptors[0])
        self._children[sock] = set()
        self._selector.register(sock, selectors.EVENT_READ)

    def _answer(self, sock: socket.socket) -> None:
        request, descriptors = receive_message(sock)
        with _closing(descriptors):
            if request.pop("do") == "spawn":
                answer = self._spawn(sock, request, descriptors)
            else:
                answer = self._end(sock, request["pid"])
        opened = open_process(answer["pid"]) if "pid" in answer else ()
        with _closing(opened):
            send_message(sock, answer, *opened)

    def _spawn(self, sock: socket.socket, request: Any, descriptors: list[int]) -> Any:
        parent = os.getpid()
        try:
            child = self._prepare(request, descriptors)
            pid = os.fork()
        except (KitFault, OSError) as error:
            return {"fault": f"no process can be forked: {error}"}
        if pid == 0:
            self._be(child, parent)
        self._children[sock].add(pid)
        return {"pid": pid}

    def _be(self, child: Child, parent: int) -> None:
        """Be a child; never returns."""
        try:
            die_with(parent)
            # Otherwise the other ends would not notice when the server is gone.
            for sock in (self._control, *self._children):
                sock.close()
            child()
        finally:
            # Not sys.exit: handlers registered by the server's imports, or by a
            # student, must not run here.
            os._exit(0)

    def _end(self, sock: socket.socket, pid: int) -> Any:
        if pid not in self._children[sock]:
            return {"signal": 0, "code": 0}
        self._children[sock].discard(pid)
        return bury(pid)

    def _disconnect(self, sock: socket.socket) -> None:
        self._selector.unregister(sock)
        for pid in self._children.pop(sock):
            bury(pid)
        sock.close()

    def _end_all(self) -> None:
        for sock in list(self._children):
            self._disconnect(sock)


class ServerProcess:
    """The starter's side of a fork server; a context manager that ends it.

    Args:
        module: The server's module, run as a program with the number of its end
            of the control socket, and then ``arguments``.
        arguments: Further arguments of the program.
    """

    def __init__(self, module: str, arguments: tuple[str, ...] = ()) -> None:
        self._module = module
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process; return at once, while it gets ready."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-P", "-s", "-m", self._module]
        self._process = subprocess.Popen(
            self._wrap([*command, str(theirs.fileno()), *self._arguments]),
            pass_fds=[theirs.fileno()],
            **process_options(),
        )
        theirs.close()

    def wait_until_ready(self) -> dict[str, Any]:
        """Wait until forks are possible; return what the server says about itself.

        Raises:
            KitFault: The process died, took longer than two minutes, or says that
                it cannot serve.
        """
        control = self._started()
        control.settimeout(START_SECONDS)
        try:
            told, _ = receive_message(control)
        except (frames.Closed, TimeoutError) as error:
            raise KitFault(self._describe_failure()) from error
        control.settimeout(None)
        if "fault" in told:
            raise KitFault(told["fault"])
        return told

    def is_alive(self) -> bool:
        """Return whether the process answers; one that is ending does not."""
        if self._process is None or self._process.poll() is not None:
            return False
        try:
            with self.connect() as connection:
                return is_answering(connection)
        except frames.Closed:
            return False

    def connect(self) -> socket.socket:
        """Return a new connection over which children can be asked for.

        Raises:
            Closed: The process is gone.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                send_message(self._started(), {}, theirs.fileno())
        except frames.Closed:
            ours.close()
            raise
        return ours

    def stop(self) -> None:
        """End the process and all its children."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            # Its children asked the kernel to die with it.
            self._process.kill()
            self._process.wait()
        self._control = self._process = None

    def _wrap(self, command: list[str]) -> list[str]:
        """Return the command that starts the process, given its plain command."""
        return command

    def _started(self) -> socket.socket:
        assert self._control is not None, "start() comes first"
        return self._control

    def _describe_failure(self) -> str:
        return f"The process {self._module} did not start."


def ask(
    connection: socket.socket, request: dict[str, Any], *descriptors: int
) -> dict[str, Any]:
    """Send a request to a fork server; return its answer.

    If the answer holds the ``pid`` of a child, as the server sees it, the child's id
    as seen by this process is added as ``outside``.

    Raises:
        KitFault: The server is gone, or must not fork.
    """
    try:
        send_message(connection, request, *descriptors)
        answer, opened = receive_message(connection)
    except frames.Closed as error:
        raise KitFault("the server that forks is gone") from error
    if "fault" in answer:
        raise KitFault(answer["fault"])
    if "pid" in answer:
        answer["outside"] = find_pid(opened[0]) if opened else answer["pid"]
    return answer


def open_process(pid: int) -> tuple[int, ...]:
    """Open a child: behind a wall, its id here names a different process outside.

    Kernels before 5.3 cannot; they have no wall either (`bubblewrap.Wall.require`).
    """
    try:
        return (os.pidfd_open(pid),)
    except OSError:
        return ()


def find_pid(descriptor: int) -> int:
    """Return a process's id as this process knows it, and close its descriptor.

    Process ids behind the wall are counted separately, so an id sent from there names
    another process here. An open process (`os.pidfd_open`) is the same on both
    sides, and the kernel gives each side its own id for it.

    Args:
        descriptor: The process, opened by whoever forked it.
    """
    lines = Path(f"/proc/self/fdinfo/{descriptor}").read_text("ascii").splitlines()
    os.close(descriptor)
    return int(next(line.split()[1] for line in lines if line.startswith("Pid:")))


def is_answering(connection: socket.socket) -> bool:
    """Return whether the server at the other end is still there."""
    try:
        ask(connection, {"do": "end", "pid": 0})
    except KitFault:
        return False
    return True


def bury(pid: int) -> dict[str, int]:
    """Kill a child if it still runs, and say how it ended.

    A child that had already ended by itself keeps its exit status.
    """
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
    }


@contextlib.contextmanager
def _closing(descriptors: Sequence[int]) -> Iterator[None]:
    """Close open files at the end, whatever happens: a server lives long."""
    try:
        yield
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def receive_message(sock: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Receive one message, and the open files that came with it.

    Raises:
        Closed: The other end is gone.
    """
    try:
        data, descriptors, _, _ = socket.recv_fds(sock, 1 << 16, MOST_DESCRIPTORS)
    except ConnectionError as error:
        raise frames.Closed("the connection broke") from error
    if not data:
        raise frames.Closed("the other end closed the connection")
    return unpack(data), list(descriptors)


def send_message(
    sock: socket.socket, message: dict[str, Any], *descriptors: int
) -> None:
    """Send one message, and open files with it.

    Raises:
        Closed: The other end is gone.
    """
    try:
        socket.send_fds(sock, [pack(message)], descriptors)
    except ConnectionError as error:
        raise frames.Closed("the connection broke") from error
