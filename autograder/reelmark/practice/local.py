"""Student mode: the worker lives in the process of the tests.

A debugger works and nothing has to be set up. Requests and answers are the same
bytes as in sealed mode, so a check cannot tell in which mode it runs.
"""

from __future__ import annotations

import bdb
import contextlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from reelmark.errors import Frame, TimedOut
from reelmark.processes.limits import Limits
from reelmark.wire.assignment import Assignment
from reelmark.worker.runner import Worker, warm_up

AGAIN_SECONDS = 1.0
"""Seconds between two alarms: student code may catch what the first one raises."""


Ring = Callable[[int, FrameType | None], None]


class LocalWorker:
    """A worker in this process."""

    def __init__(self, assignment: Assignment, limits: Limits) -> None:
        with _without_errors():
            warm_up()  # TensorFlow tells of itself, whatever it is told to tell
        self._worker = Worker(assignment)
        self._limits = limits
        self._folder = Path(assignment.folder).resolve()
        self.is_alive = True

    def begin_check(self) -> None:
        """Do nothing: the alarm is set anew for every request."""

    def end_check(self) -> None:
        """Do nothing: whatever is left behind is on the student's own machine."""

    def exchange(self, frame: bytes) -> bytes:
        """Carry out a request and return the answer.

        Raises:
            TimedOut: The student's code took longer than a limit allows, and nobody
                looks at it in a debugger.
        """
        with _alarms(self._limits, self._folder):
            return self._worker.answer(frame)

    def close(self) -> None:
        """Forget the submission."""
        if self.is_alive:
            self._worker.close()
        self.is_alive = False


@contextlib.contextmanager
def _alarms(limits: Limits, folder: Path) -> Iterator[None]:
    """Raise `TimedOut` in code that takes longer, where the system can.

    Processor time is the limit that counts; the one on the clock ends code that waits.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        if _is_debugged():
            return
        is_verdict = number == signal.SIGVTALRM
        told = f"{limits.cpu_seconds:g} seconds of processor time"
        told = told if is_verdict else f"{limits.wall_seconds:g} seconds"
        limit = TimedOut(told, is_verdict=is_verdict)
        limit.frames = tuple(_list_lines(frame, folder))
        raise limit

    with (
        _alarm(signal.ITIMER_VIRTUAL, signal.SIGVTALRM, limits.cpu_seconds, ring),
        _alarm(signal.ITIMER_REAL, signal.SIGALRM, limits.wall_seconds, ring),
    ):
        yield


@contextlib.contextmanager
def _alarm(timer: int, number: int, seconds: float, ring: Ring) -> Iterator[None]:
    before = signal.signal(number, ring)
    signal.setitimer(timer, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)


def _is_debugged() -> bool:
    """Return whether somebody looks at the code in a debugger, and takes their time."""
    is_pdb = isinstance(getattr(sys.gettrace(), "__self__", None), bdb.Bdb)
    return is_pdb or "pydevd" in sys.modules


def _list_lines(frame: FrameType | None, folder: Path) -> list[Frame]:
    """Return the student's lines that are being run, outermost first."""
    stack = traceback.StackSummary.extract(traceback.walk_stack(frame))
    return [
        Frame(Path(each.filename).name, each.lineno or 0, each.name, each.line or "")
        for each in reversed(stack)
        if Path(each.filename).is_relative_to(folder)
    ]


@contextlib.contextmanager
def _without_errors() -> Iterator[None]:
    """Print nothing to standard error for a while, not from libraries in C either."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
