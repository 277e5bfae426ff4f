"""Prints: what student code prints, kept so that its author can be shown it.

It takes the place of standard output where student code runs, and keeps the last
lines: where a check does not pass, they are what was printed just before that. Keras's
own reports of epochs and batches are no words of the student's, and are left out.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections import deque
from typing import Any

from reelmark.wire.assignment import MAX_PRINTED_LINES, MAX_PRINTED_WIDTH

MOST_OF_LINE = 4_000
"""Bytes that are kept of a line that does not end."""

_BAR = "━".encode()
_EPOCH = re.compile(rb"\s*Epoch \d+/\d+\s*$")
_STYLE = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
_STDOUT = 1


class Prints(io.RawIOBase):
    """Keeps the last lines of what is written to it."""

    def __init__(self) -> None:
        self._lines: deque[bytes] = deque(maxlen=MAX_PRINTED_LINES)
        self._count = 0
        self._line = b""
        self._stream: io.TextIOWrapper | None = None

    def install(self) -> None:
        """Take the place of standard output, which stays what programs expect."""
        self._stream = io.TextIOWrapper(
            io.BufferedWriter(self),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=True,  # what a call prints that is ended can be read
        )
        sys.stdout = self._stream

    def take(self) -> tuple[int, str]:
        """Return how many lines were printed since, and the last of them."""
        with contextlib.suppress(OSError, ValueError):  # the student may have closed it
            if self._stream is not None:
                self._stream.flush()
        if self._line:
            self._keep(self._line)
        taken = self._count, self.peek()
        self._lines.clear()
        self._count, self._line = 0, b""
        return taken

    def peek(self) -> str:
        """Return the last lines that were printed, and leave them there."""
        return "\n".join(map(_show, self._lines))

    def writable(self) -> bool:
        """Whether it can be written to: always."""
        return True

    def fileno(self) -> int:
        """Return the descriptor of standard output, which leads nowhere."""
        return _STDOUT

    def write(self, data: Any) -> int:
        """Keep what is written, line by line."""
        written = bytes(data)
        *whole, rest = written.split(b"\n")
        if whole:
            self._keep(self._line + whole[0])
            for line in whole[1:]:
                self._keep(line)
            self._line = b""
        self._line = (self._line + rest)[-MOST_OF_LINE:]
        return len(written)

    def _keep(self, line: bytes) -> None:
        if _BAR not in line and not _EPOCH.match(line):
            self._count += 1
            self._lines.append(line[-MOST_OF_LINE:])


def _show(line: bytes) -> str:
    """Return a line as a terminal leaves it: without styles, the last text over it."""
    plain = _STYLE.sub("", line.decode("utf-8", "replace"))
    last = plain.rstrip("\r").rpartition("\r")[2].replace("\b", "").expandtabs(4)
    shown = "".join(char if char.isprintable() else " " for char in last).rstrip()
    if len(shown) <= MAX_PRINTED_WIDTH:
        return shown
    return f"{shown[: MAX_PRINTED_WIDTH - 4]} ..."
