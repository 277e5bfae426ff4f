"""Endings: how a command ends, as a sentence and an exit code; never as a traceback.

Whatever is raised in a command arrives here. What it means is said once, below. Where
nobody foresaw it, or the machine is at fault, the traceback goes to a log, which is
named.
"""

from __future__ import annotations

import errno
import os
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
    UsageError,
)
from reelmark.terminal import streams
from reelmark.terminal.logs import write_log
from reelmark.text import printable

AGAIN = "then run the same command again; what was finished is kept"


@dataclass(frozen=True)
class Ending:
    """How a command ends.

    Attributes:
        code: The exit code (`reelmark.errors`).
        sentence: What is told; nothing if that was done before.
        is_logged: Whether the traceback is worth keeping.
    """

    code: int
    sentence: str = ""
    is_logged: bool = True


def run(command: Callable[[], object]) -> int:
    """Carry out a command, tell how it ended, and return its exit code."""
    streams.prepare()
    try:
        command()
        code = FINE
    except BaseException as error:  # there is nobody above to raise it to
        code = _tell(error)
    trouble = streams.finish()
    if trouble and code == FINE:
        code = MACHINE_FAILED
    if trouble:
        reason = trouble.strerror or trouble
        _say(f"Not all of what was printed could be written: {reason}.")
    return code


def explain(error: BaseException) -> Ending:
    """Return what an error means for the command that it ended."""
    if isinstance(error, SystemExit):
        return _explain_exit(error)
    for kind, ending in _KNOWN:
        if isinstance(error, kind):
            return replace(ending, sentence=ending.sentence.format(error))
    if isinstance(error, OSError):
        return _explain_system(error)
    return _explain_database(error) or _explain_unforeseen(error)


def _tell(error: BaseException) -> int:
    ending = explain(error)
    path = write_log(error) if ending.is_logged else None
    if ending.is_logged:
        _say(ending.sentence)
        where = path or f"nowhere, as no place takes it; it ends: {_last_place(error)}"
        _say(f"The details, for whoever looks after the kit: {where}")
    elif ending.sentence:
        _say(ending.sentence)
    return ending.code


def _say(sentence: str) -> None:
    print(f"reelmark: {sentence}", file=sys.stderr, flush=True)


_NO_MEMORY = (
    "There was not enough memory. Close other programs, or do less at a time (as with "
    f"--workers 1), {AGAIN}."
)
_KNOWN: tuple[tuple[type[BaseException], Ending], ...] = (
    (UsageError, Ending(USAGE, "{}", is_logged=False)),
    (RefusedSubmission, Ending(USAGE, "{}", is_logged=False)),
    (MachineFault, Ending(MACHINE_FAILED, "{}")),
    (KitFault, Ending(KIT_FAILED, "The kit itself failed; no marks are lost. {}")),
    (
        KeyboardInterrupt,
        Ending(
            INTERRUPTED,
            "Interrupted. The same command continues where it stopped.",
            is_logged=False,
        ),
    ),
    (MemoryError, Ending(MACHINE_FAILED, _NO_MEMORY)),
    (
        ImportError,
        Ending(
            KIT_FAILED,
            "A package that the kit needs is missing or broken ({}). Install the "
            "pinned packages again, as the README says.",
        ),
    ),
)


def _explain_exit(error: SystemExit) -> Ending:
    """Tell an exit that a command chose from one that something else asked for.

    typer turns what ends a command into an exit, and keeps what it was behind it.
    """
    import typer

    behind = error.__context__
    if isinstance(behind, typer.Exit):
        cause = behind.__context__
        if isinstance(cause, KeyboardInterrupt):
            return explain(cause)
        return Ending(behind.exit_code, is_logged=False)
    if isinstance(behind, typer.Abort):
        return explain(behind.__context__ or KeyboardInterrupt())
    if isinstance(behind, OSError):
        return explain(behind)
    if isinstance(behind, typer.BadParameter.__base__ or ()):
        return Ending(USAGE, is_logged=False)  # typer has told it
    if error.code in (None, FINE, USAGE):  # as libraries that parse arguments end
        return Ending(USAGE if error.code else FINE, is_logged=False)
    return Ending(KIT_FAILED, f"The command was ended from inside: {error.code!r}.")


_DISK_FULL = f"There is no room left on the disk for {{path}}. Make room, {AGAIN}."
_DENIED = (
    "{path}: permission denied. If another program has it open, close it there; else "
    f"change its permissions or name another place, {AGAIN}."
)
_IN_USE = f"{{path}} is in use by another program. Wait or close it there, {AGAIN}."
_READ_ONLY = (
    f"{{path}} lies on a disk that can only be read. Name another place, {AGAIN}."
)
_DRIVE = "The disk, or the network drive, failed at {path} ({reason})."
_MACHINE = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _DISK_FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM), _DENIED),
    **dict.fromkeys(
        (errno.EBUSY, errno.ETXTBSY, errno.EAGAIN, errno.EDEADLK, errno.ENOLCK), _IN_USE
    ),
    errno.EROFS: _READ_ONLY,
    **dict.fromkeys((errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE), _DRIVE),
    errno.EFBIG: "{path} would grow larger than one file may be here (see: ulimit -f).",
    **dict.fromkeys(
        (errno.EMFILE, errno.ENFILE),
        f"Too many files are open at a time. Close other programs, {AGAIN}.",
    ),
    errno.ENOMEM: _NO_MEMORY,
}
_PATHS = {
    errno.EISDIR: "{path} is a folder, and a file was expected.",
    errno.ENOTDIR: "{path} cannot be there: a folder on the way to it is a file.",
    errno.ENOENT: "{path} does not exist.",
    errno.EEXIST: "{path} is there already.",
    errno.ENAMETOOLONG: "{path} is a name that is too long for this disk.",
    errno.ELOOP: "{path} is a link that leads back to itself.",
}
"""What is wrong with a path that was named, which is for its author to put right."""


def _explain_system(error: OSError) -> Ending:
    """Explain what the operating system refused."""
    reason = error.strerror or str(error)
    path = error.filename2 or error.filename
    if error.errno == errno.ENOENT and path is None:
        gone = "The folder that this terminal is in does not exist any more."
        return Ending(USAGE, f"{gone} Change to another (cd).")
    words = {"path": _show(path), "reason": reason}
    if path is not None and error.errno in _PATHS:
        return Ending(USAGE, _PATHS[error.errno].format(**words))
    if error.errno in _MACHINE:
        return Ending(MACHINE_FAILED, _MACHINE[error.errno].format(**words))
    if path is not None:
        told = "The system refused {path} ({reason})."
        return Ending(MACHINE_FAILED, told.format(**words))
    return _explain_unforeseen(error)


_DATABASE = (
    (
        "locked",
        f"is locked: another program is writing to it. Wait or close it, {AGAIN}",
    ),
    ("full", f"has no room left on its disk. Make room, {AGAIN}"),
    ("readonly", f"may not be written to. Change its permissions, {AGAIN}"),
    ("unable to open", f"cannot be opened. Look at its path and permissions, {AGAIN}"),
    ("malformed", "is damaged. Put back a copy of it"),
    ("not a database", "is damaged, or not a database. Put back a copy of it"),
    ("no such", "was made by another version of nbgrader: see `nbgrader db upgrade`"),
)


def _explain_database(error: BaseException) -> Ending | None:
    """Explain what a database refused; None if the error is none of a database."""
    kinds = {(k.__module__.partition(".")[0], k.__name__) for k in type(error).__mro__}
    libraries = ("sqlite3", "sqlalchemy", "psycopg")
    if not kinds & {(library, "DatabaseError") for library in libraries}:
        return None
    return Ending(MACHINE_FAILED, describe_database(str(getattr(error, "orig", error))))


def describe_database(reason: str) -> str:
    """Return what to do about a reason for which a database refused its work."""
    for words, told in _DATABASE:
        if words in reason:
            return f"The gradebook {told}."
    first = (reason.splitlines() or ["it did not say why"])[0]
    return f"The gradebook cannot be used: {first}"


def _explain_unforeseen(error: BaseException) -> Ending:
    told = f"{type(error).__name__}: {error}".splitlines()[0]
    return Ending(
        KIT_FAILED, f"The kit itself failed; no marks are lost. ({told[:200]})"
    )


def _show(path: object) -> str:
    if path is None:
        return "a file"
    return printable(os.fsdecode(path) if isinstance(path, bytes) else str(path))


def _last_place(error: BaseException) -> str:
    """Return where an error was raised, for want of a log."""
    trace, place = error.__traceback__, "?"
    while trace:
        place = f"{trace.tb_frame.f_code.co_filename}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} in {place}"
