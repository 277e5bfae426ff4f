"""Whereabouts: the lines of student code in which a worker was when it was killed.

The worker writes them down (`reelmark.worker.lookout`), so all that is taken from the
file are names of files in the student's folder, and line numbers.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from reelmark.errors import Frame
from reelmark.wire.assignment import MAX_PRINTED_LINES, PRINTED

MOST_BYTES = 200_000
"""The most that is read of the file, and of a module."""

MOST_FRAMES = 20
MOST_THREADS = 50

_LINE = re.compile(r'^  File "([^"\n]{1,400})", line (\d{1,7}) in (\S{1,100})', re.M)


def read_whereabouts(path: Path, folder: Path) -> tuple[Frame, ...]:
    """Return the lines of student code that a worker was in, outermost first.

    Args:
        path: The file that the worker wrote to.
        folder: The folder of the student's modules.

    Returns:
        Nothing if it was in none, or did not write them down.
    """
    for thread in _read(path).split("Thread ")[:MOST_THREADS]:
        frames = [
            frame
            for file, line, function in _LINE.findall(thread)[:MOST_FRAMES]
            if (frame := _own_frame(folder, file, int(line), function))
        ]
        if frames:
            return tuple(reversed(frames))
    return ()


def read_printed(path: Path) -> str:
    """Return the last lines that a call had printed when the worker was ended.

    Args:
        path: The file of its whereabouts.
    """
    text = _read(path.with_suffix(PRINTED))
    return "\n".join(text.splitlines()[-MAX_PRINTED_LINES:])


def _own_frame(folder: Path, file: str, line: int, function: str) -> Frame | None:
    """Return a line in one of the student's modules; None for any other file."""
    path = Path(file)
    if path.parent != folder or path.suffix != ".py":
        return None
    lines = _read(path).splitlines()
    if not 0 < line <= len(lines):
        return None
    return Frame(path.name, line, function, lines[line - 1].strip())


def _read(path: Path) -> str:
    """Return the start of a text file; empty if it is not text, or not a file."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return ""
        return file.read(MOST_BYTES).decode("utf-8", "replace")
