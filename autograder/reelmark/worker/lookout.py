"""The lookout: records where a long call is, in case the worker has to be killed.

A process that computes or waits for ever cannot say where it is. So another thread
looks at it and writes down what it sees; whoever kills the worker reads that
(`reelmark.processes.whereabouts`). The thread looks at frames from Python code, when
it is its turn to run: ``faulthandler`` would look at any moment, and might meet a
frame that is gone.
"""

from __future__ import annotations

import _thread
import contextlib
from collections.abc import Iterator
from pathlib import Path
from sys import _current_frames
from time import monotonic, sleep
from types import FrameType

SECONDS = 3.0
"""Seconds after which a call counts as long."""

LOOK_SECONDS = 0.5
"""Seconds between two looks."""

MOST_FRAMES = 100


class Lookout:
    """Looks at long calls of the thread that creates it.

    Args:
        path: The file to write to.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._caller = _thread.get_ident()
        self._began: float | None = None
        self._has_written = False
        # Not threading's: a student who waits for all threads need not wait for this.
        _thread.start_new_thread(self._look, ())

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        """Watch the call made in this context."""
        if self._has_written:
            self._path.unlink(missing_ok=True)
            self._has_written = False
        self._began = monotonic()
        try:
            yield
        finally:
            self._began = None

    def _look(self) -> None:
        while True:
            sleep(LOOK_SECONDS)
            began = self._began
            if began is not None and monotonic() - began > SECONDS:
                # The student may have removed the folder, or anything else.
                with contextlib.suppress(Exception):
                    self._write()

    def _write(self) -> None:
        """Write the lines of all threads, the caller's first, innermost first."""
        frames = _current_frames()
        frames.pop(_thread.get_ident())
        order = sorted(frames, key=lambda thread: thread != self._caller)
        text = "".join(_describe(thread, frames[thread]) for thread in order)
        self._has_written = True
        # Whole or not at all: the worker may be ended at any time.
        other = self._path.with_suffix(".new")
        other.write_text(text, encoding="utf-8")
        other.replace(self._path)


def _describe(thread: int, frame: FrameType | None) -> str:
    lines = [f"Thread {thread}:"]
    while frame is not None and len(lines) <= MOST_FRAMES:
        code = frame.f_code
        lines.append(
            f'  File "{code.co_filename}", line {frame.f_lineno} in {code.co_name}'
        )
        frame = frame.f_back
    return "\n".join(lines) + "\n"
