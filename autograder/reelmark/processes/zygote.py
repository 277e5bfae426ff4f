"""The warm parent: a process that has imported TensorFlow and only forks.

Importing TensorFlow takes seconds; a fork of a process that has done so takes
milliseconds. But a single TensorFlow operation in the parent makes every later
fork hang, so this process only imports, forks, kills and reaps.
It is a fork server (`forkserver`); a request to spawn holds an `Assignment`, with
the worker's end of a socket attached.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from reelmark.confinement.canary import describe_proof, send_canary
from reelmark.confinement.confine import confine
from reelmark.confinement.level import Level
from reelmark.confinement.policy import Policy
from reelmark.confinement.privileges import worker_uid
from reelmark.errors import KitFault
from reelmark.processes.environment import (
    why_no_tensorflow,
    without_settings_of_matplotlib,
)
from reelmark.processes.forkserver import Child, ForkServer, begin, send_message
from reelmark.wire import frames
from reelmark.wire.assignment import WHEREABOUTS, Assignment
from reelmark.worker.libraries import accept_settings
from reelmark.worker.locks import patch_multiprocessing_locks
from reelmark.worker.lookout import Lookout
from reelmark.worker.prints import Prints
from reelmark.worker.programs import forbid_programs
from reelmark.worker.runner import NOT_FOR_STUDENTS, Worker, warm_up

KEPT = 3
"""The descriptor of a worker's socket."""

MAX_FAULT = 2_000
"""The most characters of the reason why TensorFlow cannot be imported."""

READY = b"ready"
"""A worker's first frame, before it has seen any of the student's code."""


def main() -> None:
    """Warm up, say so, and serve until the starter is gone."""
    control = begin()
    try:
        with without_settings_of_matplotlib():
            warm_up()
    except Exception as error:
        text = f"{why_no_tensorflow()} It ended with {type(error).__name__}: {error}"
        send_message(control, {"fault": text[:MAX_FAULT]})
        return
    patch_multiprocessing_locks()
    try:
        proof = send_canary(uid=worker_uid(0))
    except OSError as error:
        send_message(control, {"fault": f"A worker cannot be tried out: {error}"})
        return

    def prepare(request: dict[str, Any], descriptors: list[int]) -> Child:
        return prepare_worker(Assignment(**request), proof.level, descriptors[0])

    told = {"level": proof.level.name, "findings": describe_proof(proof)[1:]}
    send_message(control, told)
    ForkServer(control, prepare).serve()


def has_run_an_operation() -> bool:
    """Return whether TensorFlow is initialised, which makes forking unsafe."""
    from tensorflow.python.eager import context

    current = context.context_safe()
    return current is not None and bool(current._initialized)


def prepare_worker(assignment: Assignment, level: Level, descriptor: int) -> Child:
    """Return what a worker will do once it is forked.

    Raises:
        KitFault: There must be no fork, or no worker with this assignment.
    """
    if has_run_an_operation():
        raise KitFault("the warm parent has run a TensorFlow operation")
    policy = make_policy(assignment)
    return lambda: run_worker(assignment, policy, level, descriptor)


def make_policy(assignment: Assignment) -> Policy:
    """Return what a worker may read and write: its assignment and its scratch folder.

    Raises:
        KitFault: The assignment would open what must stay closed.
    """
    given = [assignment.stubs, assignment.support, *assignment.inputs]
    given += [] if is_own(assignment) else [assignment.folder]
    paths = dict.fromkeys(map(Path, given))
    return Policy(
        scratch=Path(assignment.scratch),
        readable=tuple(path for path in paths if path.is_dir()),
        secrets=tuple(map(Path, assignment.secrets)),
        keep=(KEPT,),
        uid=assignment.uid,
    )


def run_worker(
    assignment: Assignment, policy: Policy, level: Level, descriptor: int
) -> None:
    """Be a worker until the other end closes."""
    sock = _isolate(descriptor)
    # What the canary proved must hold here too, or no student code will run.
    if confine(policy) is level:
        worker = make_worker(assignment)
        frames.send_frame(sock, READY)
        serve(worker, sock, policy.scratch)


def make_worker(assignment: Assignment) -> Worker:
    """Return a worker in a process where student code may run.

    If it has a copy of the modules of its own, their folder becomes the current one:
    they may write there, and relative paths lead there.
    """
    spare_the_core()
    accept_settings()
    forbid_programs()
    sys.argv[:] = [""]  # otherwise student code would see the kit's own options
    if is_own(assignment):
        os.chdir(assignment.folder)
    prints = Prints()
    prints.install()
    return Worker(assignment, prints)


def is_own(assignment: Assignment) -> bool:
    """Return whether the modules lie in the worker's scratch folder, as a copy."""
    return Path(assignment.folder).is_relative_to(assignment.scratch)


def serve(worker: Worker, sock: socket.socket, scratch: Path) -> None:
    """Answer requests from a socket until it closes.

    Args:
        worker: What answers.
        sock: The socket.
        scratch: The folder that the worker may write to.
    """
    lookout = Lookout(scratch / WHEREABOUTS, worker.prints)
    while True:
        try:
            frame = frames.receive_frame(sock)
        except frames.Closed:
            return
        try:
            with lookout.watch():
                answer = worker.answer(frame)
        except NOT_FOR_STUDENTS as error:
            # Here only student code can have raised it.
            answer = worker.explain(error)
        frames.send_frame(sock, answer)


def _isolate(descriptor: int) -> socket.socket:
    """Keep one descriptor, leave the session."""
    os.setsid()
    if descriptor != KEPT:
        os.dup2(descriptor, KEPT)
    with contextlib.suppress(OSError):
        # If the machine runs out of memory, the kernel kills a worker first.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    sys.dont_write_bytecode = True
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return socket.socket(fileno=KEPT)


def spare_the_core() -> None:
    """Make TensorFlow compute in one thread, and run each graph as it is."""
    import tensorflow as tf

    # One slot a core: more threads would only fight over it.
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    # A check runs a graph only a few times, so optimising it never pays off.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})


if __name__ == "__main__":
    main()
