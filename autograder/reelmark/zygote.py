"""The warm parent: a process that has imported TensorFlow and only forks.

Importing TensorFlow takes seconds; a fork of a process that has done so takes
milliseconds. But one TensorFlow operation in the parent makes every later fork
hang, so this process imports, forks, kills and reaps, and does nothing else.

It is started with one end of a socket. Over it come new connections (file
descriptors), one for each process that marks; over each of those come requests,
a message each (the sockets are sequenced-packet sockets):

``{"do": "spawn", ...}`` with the worker's end of a socket attached
    Fork a worker; answers ``{"pid"}``, or ``{"fault"}`` when it must not fork.
``{"do": "end", "pid"}``
    Kill and reap that worker; answers ``{"signal", "code", "max_rss"}``.

A connection that closes takes its workers with it, and so does this process.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import selectors
import signal
import socket
import sys
from dataclasses import fields
from typing import Any

from reelmark import wire
from reelmark.codec import WireError, pack, unpack
from reelmark.worker import Assignment, Worker

# Virtual memory counts address space, of which TensorFlow reserves gigabytes
# that it never touches; data is what a process really asks for.
DATA_BYTES = 3 * 2**30
FILE_BYTES = 256 * 2**20
OPEN_FILES = 256

PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


def main() -> None:
    """Warm up, say so, and serve until the starter is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    warm_up()
    # Objects that live for ever need not be visited, and so copied, by a child.
    gc.freeze()
    send_message(control, {"ready": os.getpid()})
    Zygote(control).serve()


def warm_up() -> None:
    """Import what a worker needs, so that forks need not."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.font_manager
    import matplotlib.pyplot
    import pandas
    import tensorflow

    del keras, matplotlib, pandas, tensorflow


def has_run_an_operation() -> bool:
    """Return whether TensorFlow is initialised, so that forking is not safe."""
    from tensorflow.python.eager import context

    current = context.context_safe()
    return current is not None and bool(current._initialized)


class Zygote:
    """Forks workers for its connections, and buries them."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)
        self._workers: dict[socket.socket, set[int]] = {}

    def serve(self) -> None:
        """Serve requests until the control socket closes."""
        while True:
            for key, _ in self._selector.select():
                sock: Any = key.fileobj
                try:
                    self._connect() if sock is self._control else self._answer(sock)
                except (wire.Closed, WireError):
                    if sock is self._control:
                        return self._end_all()
                    self._disconnect(sock)

    def _connect(self) -> None:
        _, descriptors = receive_message(self._control)
        sock = socket.socket(fileno=descriptors[0])
        self._workers[sock] = set()
        self._selector.register(sock, selectors.EVENT_READ)

    def _answer(self, sock: socket.socket) -> None:
        request, descriptors = receive_message(sock)
        if request.pop("do") == "spawn":
            answer = self._spawn(sock, request, descriptors[0])
            os.close(descriptors[0])
        else:
            answer = self._end(sock, request["pid"])
        send_message(sock, answer)

    def _spawn(self, sock: socket.socket, request: Any, descriptor: int) -> Any:
        if has_run_an_operation():
            return {"fault": "the warm parent has run a TensorFlow operation"}
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            run_child(request, descriptor, parent)
        self._workers[sock].add(pid)
        return {"pid": pid}

    def _end(self, sock: socket.socket, pid: int) -> Any:
        if pid not in self._workers[sock]:
            return {"signal": 0, "code": 0, "max_rss": 0}
        self._workers[sock].discard(pid)
        return bury(pid)

    def _disconnect(self, sock: socket.socket) -> None:
        self._selector.unregister(sock)
        for pid in self._workers.pop(sock):
            bury(pid)
        sock.close()

    def _end_all(self) -> None:
        for sock in list(self._workers):
            self._disconnect(sock)


def bury(pid: int) -> dict[str, int]:
    """Kill a child if it still runs, and say how it ended.

    A child that had ended by itself before keeps the status it ended with.
    """
    os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 0,
        "max_rss": usage.ru_maxrss,
    }


def run_child(request: dict[str, Any], descriptor: int, parent: int) -> None:
    """Be a worker until the other end closes; never returns."""
    try:
        _die_with(parent)
        sock = _isolate(request["scratch"], descriptor)
        assignment = Assignment(**{f.name: request[f.name] for f in fields(Assignment)})
        _use_one_thread()
        serve(Worker(assignment), sock)
    finally:
        # Not sys.exit: handlers registered by the parent's imports, or by the
        # student, must not run here.
        os._exit(0)


def serve(worker: Worker, sock: socket.socket) -> None:
    """Answer requests from a socket until it closes."""
    while True:
        try:
            request = unpack(wire.receive_frame(sock), worker.rebuild)
        except wire.Closed:
            return
        answer = worker.answer(request)
        wire.send_frame(sock, _pack_answer(answer))


def _pack_answer(answer: dict[str, Any]) -> bytes:
    try:
        return pack(answer)
    except WireError as refusal:
        text = f"what was returned {refusal}"
        error = {"kind": "raised", "type_name": "ValueError", "text": text}
        return pack({"error": {**error, "frames": [], "module": None}})


def _isolate(scratch: str, descriptor: int) -> socket.socket:
    """Keep one descriptor, drop the terminal, set limits."""
    os.setsid()
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(silence, standard)
    kept = os.dup2(descriptor, 3) if descriptor != 3 else 3
    os.closerange(4, OPEN_FILES * 16)
    os.chdir(scratch)
    sys.dont_write_bytecode = True
    _set_limits()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return socket.socket(fileno=kept)


def _die_with(parent: int) -> None:
    """Ask the kernel to end this process when its parent ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        # It ended before the request: nobody is left to be a worker for.
        os._exit(0)


def _set_limits() -> None:
    for limit, value in (
        (resource.RLIMIT_DATA, DATA_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, value))


def _use_one_thread() -> None:
    # One slot a core: more threads would only fight over it.
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def receive_message(sock: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Receive one message, and the open files that came with it.

    Raises:
        Closed: The other end is gone.
    """
    try:
        data, descriptors, _, _ = socket.recv_fds(sock, 1 << 16, 1)
    except ConnectionError as error:
        raise wire.Closed("the connection broke") from error
    if not data:
        raise wire.Closed("the other end closed the connection")
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
        raise wire.Closed("the connection broke") from error


if __name__ == "__main__":
    main()
