"""Supervision: a command that runs a student's code in its own process is watched.

Such code can end the process without a word: ``os._exit(0)``, even with the code of
success. So the command runs in a child, whose exit code says that it came to its own
end. Whatever else the child ends with, nobody foresaw, and it is told.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from reelmark.errors import (
    CHECKS_FAILED,
    FINE,
    INTERRUPTED,
    KIT_FAILED,
    MACHINE_FAILED,
    USAGE,
    UnforeseenEnd,
)

VARIABLE = "REELMARK_SUPERVISED"
"""Set in the environment of the child, which carries the command out."""

_CODES = (FINE, CHECKS_FAILED, USAGE, KIT_FAILED, MACHINE_FAILED, INTERRUPTED)
_SEALED = {code: 64 + number for number, code in enumerate(_CODES)}
"""Exit codes of a child that came to its own end, by what it ended with."""


def begin_child() -> bool:
    """Return whether this process is such a child; those it starts are none."""
    return os.environ.pop(VARIABLE, None) is not None


def seal(code: int) -> int:
    """Return the exit code by which a child says that it ended with ``code``."""
    return _SEALED[code]


def supervise(arguments: Sequence[str]) -> int:
    """Run the command in a child, and return the exit code that it chose.

    Args:
        arguments: The words of the command.

    Raises:
        UnforeseenEnd: Something else ended the child.
        KeyboardInterrupt: This process was told to end, and the child with it.
    """
    # -P: what lies in the working directory must not pass for a library.
    command = [sys.executable, "-P", "-m", "reelmark", *arguments]
    told: list[int] = []

    def pass_on(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        if number != signal.SIGINT or not _has_terminal():
            child.send_signal(number)

    with subprocess.Popen(command, env={**os.environ, VARIABLE: "1"}) as child:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if number := getattr(signal, name, None):
                signal.signal(number, pass_on)
        ended = child.wait()
    for code, sealed in _SEALED.items():
        if ended == sealed:
            return code
    if told:
        raise KeyboardInterrupt
    raise UnforeseenEnd(
        f"Python was ended before the command was done ({_describe(ended)}). A call "
        "such as os._exit() in one of your modules does that; so does another program "
        "that stops it. What was not told was not checked."
    )


def _has_terminal() -> bool:
    """Whether Ctrl-C reaches the child by itself, from the terminal that both share."""
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def _describe(ended: int) -> str:
    if ended >= 0:
        return f"exit code {ended}"
    return f"signal {-ended}, {signal.strsignal(-ended) or 'unknown'}"
