"""Endings: how a command ends, as a sentence and an exit code; never as a traceback.

Whatever is raised in a command arrives here. What it means is said once, below. If it
is unforeseen, or the machine's fault, the traceback goes to a log, whose name is
printed.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from reelmark.errors import (
    FINE,
    INTERRUPTED,
    KIT_FAILED,
    MACHINE_FAILED,
    USAGE,
    KitFault,
    MachineFault,
    RefusedSubmission,
    UnforeseenEnd,
    UsageError,
)
from reelmark.terminal import streams
from reelmark.terminal.logs import write_log
from reelmark.terminal.machine import describe, name_path


@dataclass(frozen=True)
class Ending:
    """How a command ends.

    Attributes:
        code: The exit code (`reelmark.errors`).
        sentence: What to print; empty if that was done before.
        is_logged: Whether the traceback is worth keeping.
    """

    code: int
    sentence: str = ""
    is_logged: bool = True


def run(command: Callable[[], int]) -> int:
    """Carry out a command, report how it ended, and return its exit code.

    Args:
        command: The command; it returns an exit code, or raises what `explain` knows.
    """
    streams.prepare()
    try:
        code = command()
    except BaseException as error:  # there is no caller to raise it to
        code, told = tell(error)
        for sentence in told:
            _say(sentence)
    if trouble := streams.finish():
        reason = trouble.strerror or trouble
        _say(f"Not all of what was printed could be written: {reason}.")
        code = code or MACHINE_FAILED
    return code


def explain(error: BaseException) -> Ending:
    """Say what an error means for the command that it ended."""
    if isinstance(error, SystemExit):
        return _explain_exit(error)
    for kind, known in _KNOWN:
        if isinstance(error, kind):
            return replace(known, sentence=known.sentence.format(error))
    if isinstance(error, OSError) and (ending := _explain_path(error)):
        return ending
    if refused := describe(error):
        return Ending(MACHINE_FAILED, refused)
    told = f"{type(error).__name__}: {error}".partition("\n")[0][:MAX_TOLD]
    return Ending(KIT_FAILED, f"{_FAULT} ({told})")


MAX_TOLD = 300
"""How many characters of an unforeseen error are printed; the log has the rest."""

_FAULT = "The kit itself failed; no marks are lost."
_INTERRUPTED = "Interrupted. The same command continues where it stopped."
_PACKAGE = (
    "A package that the kit needs is missing or broken ({}). Install the pinned "
    "packages again, as the README says."
)
_KNOWN: tuple[tuple[type[BaseException], Ending], ...] = (
    (UsageError, Ending(USAGE, "{}", is_logged=False)),
    (RefusedSubmission, Ending(USAGE, "{}", is_logged=False)),
    (KeyboardInterrupt, Ending(INTERRUPTED, _INTERRUPTED, is_logged=False)),
    (UnforeseenEnd, Ending(KIT_FAILED, "{}", is_logged=False)),
    (MachineFault, Ending(MACHINE_FAILED, "{}")),
    (KitFault, Ending(KIT_FAILED, f"{_FAULT} {{}}")),
    (ImportError, Ending(KIT_FAILED, _PACKAGE)),
)


def tell(error: BaseException) -> tuple[int, list[str]]:
    """Log an error if it is worth keeping.

    Returns:
        The exit code for it, and what to print: a sentence, and the log's name.
    """
    ending = explain(error)
    told = [ending.sentence] if ending.sentence else []
    if ending.is_logged:
        log = write_log(error) or f"could be written nowhere; {_name_place(error)}"
        told.append(f"Details, for whoever looks after the kit: {log}")
    return ending.code, told


def _say(sentence: str) -> None:
    print(f"reelmark: {sentence}", file=sys.stderr, flush=True)


def _explain_exit(error: SystemExit) -> Ending:
    """Tell an exit that a command chose from one that something else caused.

    typer turns whatever ends a command into an exit, with the original as its cause.
    """
    import typer

    behind = error.__context__
    if isinstance(behind, typer.Exit):
        cause = behind.__context__
        if isinstance(cause, KeyboardInterrupt):
            return explain(cause)
        return Ending(behind.exit_code, is_logged=False)
    if isinstance(behind, typer.Abort) and behind.__context__:
        return explain(behind.__context__)
    if isinstance(behind, OSError):
        return explain(behind)
    if error.code in (None, FINE, USAGE):  # as typer and argparse end
        return Ending(error.code or FINE, is_logged=False)
    return Ending(
        KIT_FAILED, f"{_FAULT} (Something in it asked to end: {error.code!r})"
    )


_PATHS = {
    errno.EISDIR: "{} is a folder, and a file was expected.",
    errno.ENOTDIR: "{} cannot be there: a folder on the way to it is a file.",
    errno.ENOENT: "{} does not exist.",
    errno.EEXIST: "{} is there already.",
    errno.ENAMETOOLONG: "{} is a name that is too long for this disk.",
    errno.ELOOP: "{} is a link that leads back to itself.",
}
"""Errors about a path that was given, which its author has to correct."""


def _explain_path(error: OSError) -> Ending | None:
    """Explain what is wrong with a path; None if it is something else."""
    path = name_path(error)
    if error.errno == errno.ENOENT and not path:
        gone = "The folder that this terminal is in does not exist any more."
        return Ending(USAGE, f"{gone} Change to another (cd).")
    if path and error.errno in _PATHS:
        return Ending(USAGE, _PATHS[error.errno].format(path))
    return None


def _name_place(error: BaseException) -> str:
    """Return where an error was raised, if there is no log."""
    trace, place = error.__traceback__, "nowhere"
    while trace:
        place = f"{trace.tb_frame.f_code.co_filename}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"it was {type(error).__name__} in {place}"
