"""The lookout: writes down where a call is that takes long, in case it is ended.

A process that computes for ever, or waits for ever, cannot say where. So Python's own
``faulthandler`` writes it down from a thread of its own, and whoever ends the worker
reads what it wrote (`reelmark.processes.whereabouts`).
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
from collections.abc import Iterator
from pathlib import Path

SECONDS = 3.0
"""After which a call takes long. It looks again and again, in case a call goes on."""


class Lookout:
    """Looks at calls that take long.

    Args:
        path: The file to write to.
    """

    def __init__(self, path: Path) -> None:
        # What is appended begins at the end, also after the file was emptied.
        self._file = path.open("ab")

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        """Look at a call."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._file.fileno(), 0)
        faulthandler.dump_traceback_later(SECONDS, repeat=True, file=self._file)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
