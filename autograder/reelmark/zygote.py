"""The warm parent: a process that has imported TensorFlow and only forks.

Importing TensorFlow takes seconds; a fork of a process that has done so takes
milliseconds. But one TensorFlow operation in the parent makes every later fork
hang, so this process imports, forks, kills and reaps, and does nothing else.

It is started with one end of a socket. Over it come new connections (file
descriptors), one for each process that marks; over each of those come requests,
a message each (the sockets are sequenced-packet sockets):

``{"do": "spawn", ...}`` with the worker's end of a socket attached
    Fork a worker; answers ``{"pid"}`` with the open process attached, or
    ``{"fault"}`` when it must not fork.
``{"do": "end", "pid"}``
    Kill and reap that worker; answers ``{"signal", "code", "max_rss"}``.

A connection that closes takes its workers with it, and so does this process.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from reelmark import wire
from reelmark.canary import describe, send_canary
from reelmark.codec import WireError, pack, unpack
from reelmark.confine import Level, confine
from reelmark.errors import KitFault
from reelmark.lifetime import die_with
from reelmark.locks import patch_multiprocessing_locks
from reelmark.policy import Policy
from reelmark.worker import NOT_FOR_STUDENTS, Assignment, Worker, warm_up

KEPT = 3
"""The descriptor that a worker's socket has."""

READY = b"ready"
"""A worker's first frame, before it has seen any of the student's code."""


def main() -> None:
    """Warm up, say so, and serve until the starter is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    warm_up()
    patch_multiprocessing_locks()
    proof = send_canary()
    # Objects that live for ever need not be visited, and so copied, by a child.
    gc.freeze()
    told = {"level": proof.level.name, "findings": describe(proof)[1:]}
    send_message(control, told)
    Zygote(control, proof.level).serve()


def has_run_an_operation() -> bool:
    """Return whether TensorFlow is initialised, so that forking is not safe."""
    from tensorflow.python.eager import context

    current = context.context_safe()
    return current is not None and bool(current._initialized)


class Zygote:
    """Forks workers for its connections, and buries them."""

    def __init__(self, control: socket.socket, level: Level) -> None:
        self._control = control
        self._level = level
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
        opened = open_process(answer["pid"]) if "pid" in answer else ()
        send_message(sock, answer, *opened)
        for process in opened:
            os.close(process)

    def _spawn(self, sock: socket.socket, request: Any, descriptor: int) -> Any:
        if has_run_an_operation():
            return {"fault": "the warm parent has run a TensorFlow operation"}
        parent = os.getpid()
        try:
            assignment = Assignment(**request)
            policy = make_policy(assignment)
            pid = os.fork()
        except (KitFault, OSError) as error:
            return {"fault": f"no worker can be forked: {error}"}
        if pid == 0:
            die_with(parent)
            run_child(assignment, policy, self._level, descriptor)
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


def open_process(pid: int) -> tuple[int, ...]:
    """Open a worker: behind a wall, its id here names another process outside.

    Kernels before 5.3 cannot; there is no wall on them (`wall.Wall.require`).
    """
    try:
        return (os.pidfd_open(pid),)
    except OSError:
        return ()


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


def make_policy(assignment: Assignment) -> Policy:
    """Say what a worker may read and write: its assignment, and its scratch folder.

    Raises:
        KitFault: The assignment would open what must stay closed.
    """
    given = (assignment.folder, assignment.stubs, assignment.support)
    paths = dict.fromkeys(Path(path) for path in (*given, *assignment.inputs))
    return Policy(
        scratch=Path(assignment.scratch),
        readable=tuple(path for path in paths if path.is_dir()),
        secrets=tuple(map(Path, assignment.secrets)),
        keep=(KEPT,),
    )


def run_child(
    assignment: Assignment, policy: Policy, level: Level, descriptor: int
) -> None:
    """Be a worker until the other end closes; never returns."""
    try:
        sock = _isolate(descriptor)
        # What the canary proved must hold here too, or no student code runs.
        if confine(policy) is level:
            _use_one_thread()
            worker = Worker(assignment)
            wire.send_frame(sock, READY)
            serve(worker, sock)
    finally:
        # Not sys.exit: handlers registered by the parent's imports, or by the
        # student, must not run here.
        os._exit(0)


def serve(worker: Worker, sock: socket.socket) -> None:
    """Answer requests from a socket until it closes."""
    while True:
        try:
            frame = wire.receive_frame(sock)
        except wire.Closed:
            return
        try:
            answer = worker.answer(frame)
        except NOT_FOR_STUDENTS as error:
            # Here nobody but the student can have raised it.
            answer = worker.explain(error)
        wire.send_frame(sock, answer)


def _isolate(descriptor: int) -> socket.socket:
    """Keep one descriptor, drop the terminal."""
    os.setsid()
    silence = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(silence, standard)
    if descriptor != KEPT:
        os.dup2(descriptor, KEPT)
    sys.dont_write_bytecode = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return socket.socket(fileno=KEPT)


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
