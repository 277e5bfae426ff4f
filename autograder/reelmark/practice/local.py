"""Student mode: the worker lives in the process of the tests.

A debugger works and nothing has to be set up. Requests and answers are the same
bytes as in sealed mode, so a check cannot tell in which mode it runs.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

from reelmark.errors import TimedOut
from reelmark.processes.limits import Limits
from reelmark.wire.assignment import Assignment
from reelmark.worker.runner import Worker, warm_up

AGAIN_SECONDS = 1.0
"""Seconds between two alarms: student code may catch what the first one raises."""


class LocalWorker:
    """A worker in this process."""

    def __init__(self, assignment: Assignment, limits: Limits) -> None:
        warm_up()
        self._worker = Worker(assignment)
        self._limits = limits
        self.is_alive = True

    def begin_check(self) -> None:
        """Do nothing: the alarm is set anew for every request."""

    def end_check(self) -> None:
        """Do nothing: whatever is left behind is on the student's own machine."""

    def exchange(self, frame: bytes) -> bytes:
        """Carry out a request and return the answer.

        Raises:
            TimedOut: The student's code ran for longer than the limit.
        """
        with _alarm(self._limits.cpu_seconds):
            return self._worker.answer(frame)

    def close(self) -> None:
        """Forget the submission."""
        if self.is_alive:
            self._worker.close()
        self.is_alive = False


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise `TimedOut` in code that runs for longer, where the system can."""
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TimedOut(f"{seconds:g} seconds of processor time")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
