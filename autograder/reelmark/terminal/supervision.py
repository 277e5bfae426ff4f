"""Supervision: watches a command that runs a student's code in its own process.

Such code can silently end the process, even with the exit code for success:
``os._exit(0)``. So the command runs in a child with special exit codes for its regular
end. Any other code of the child is unforeseen, and is reported.
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
"""Set in the environment of the child that carries out the command."""

_CODES = (FINE, CHECKS_FAILED, USAGE, KIT_FAILED, MACHINE_FAILED, INTERRUPTED)
_SEALED = {code: 64 + number for number, code in enumerate(_CODES)}
"""Exit codes of a child that ended regularly, by the command's exit code."""


def begin_child() -> bool:
    """Return whether this process is such a child; processes it starts are not."""
    return os.environ.pop(VARIABLE, None) is not None


def seal(code: int) -> int:
    """Return the exit code with which a child reports that it ended with ``code``."""
    return _SEALED[code]


def supervise(arguments: Sequence[str]) -> int:
    """Run the command in a child, and return the exit code that it chose.

    Args:
        arguments: The words of the command.

    Raises:
        UnforeseenEnd: Something else ended the child.
        KeyboardInterrupt: This process was told to end, along with the child.
    """
    # -P: files in the working directory must not be taken for libraries.
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
    """Whether Ctrl-C reaches the child directly, from the terminal that both share."""
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
