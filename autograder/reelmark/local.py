"""Student mode: the worker lives in the process of the tests.

A debugger works and nothing has to be set up. Requests and answers still pass
through the codec, so that a check sees the same as in sealed mode.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from reelmark.codec import Build, WireError, pack, unpack
from reelmark.errors import Crashed, TimedOut
from reelmark.limits import Limits
from reelmark.worker import Assignment, Worker


class LocalWorker:
    """A worker in this process."""

    def __init__(self, assignment: Assignment, limits: Limits) -> None:
        self._worker = Worker(assignment)
        self._limits = limits
        self.is_alive = True

    def begin_check(self) -> None:
        """Do nothing: the alarm is set anew for every request."""

    def exchange(self, request: dict[str, Any], build: Build) -> Any:
        """Carry out a request and return the answer, both as over a wire.

        Raises:
            TimedOut: The student's code ran for longer than the limit.
            Crashed: What it returned cannot be sent.
        """
        rebuilt = unpack(pack(request), self._worker.rebuild)
        with _alarm(self._limits.cpu_seconds):
            answer = self._worker.answer(rebuilt)
        try:
            return unpack(pack(answer), build)
        except WireError as error:
            raise Crashed(f"its answer {error}") from None

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
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
