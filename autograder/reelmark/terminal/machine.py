"""The machine: what it refuses, in words: disk space, permission, a lock, memory."""

from __future__ import annotations

import errno
import os
import re

from reelmark.text import printable

AGAIN = "then run the same command again; what was finished is kept"

NO_MEMORY = (
    "There was not enough memory. Close other programs, or do less at a time (as with "
    f"--workers 1), {AGAIN}."
)
_FULL = f"There is no room left on the disk for {{path}}. Make room, {AGAIN}."
_DENIED = (
    "{path}: permission denied. If another program has it open, close it there; else "
    f"change its permissions or name another place, {AGAIN}."
)
_IN_USE = f"{{path}} is in use by another program. Wait or close it there, {AGAIN}."
_READ_ONLY = (
    f"{{path}} lies on a disk that can only be read. Name another place, {AGAIN}."
)
_DRIVE = "The disk, or the network drive, failed at {path} ({reason})."
_TOO_LARGE = "{path} would grow larger than one file may be here (see: ulimit -f)."
_TOO_MANY = f"Too many files are open at a time. Close other programs, {AGAIN}."
_OTHER = "The system refused {path} ({reason})."

_SENTENCES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM), _DENIED),
    **dict.fromkeys((errno.EBUSY, errno.ETXTBSY, errno.EAGAIN), _IN_USE),
    **dict.fromkeys((errno.EDEADLK, errno.ENOLCK), _IN_USE),
    errno.EROFS: _READ_ONLY,
    **dict.fromkeys((errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE), _DRIVE),
    errno.EFBIG: _TOO_LARGE,
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), _TOO_MANY),
    errno.ENOMEM: NO_MEMORY,
}
_DISK = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG, errno.ESTALE}
)
_DATABASE = (
    ("locked", f"is locked: another program writes to it. Wait or close it, {AGAIN}"),
    ("full", f"has no room left on its disk. Make room, {AGAIN}"),
    ("readonly", f"may not be written to. Change its permissions, {AGAIN}"),
    ("unable to open", f"cannot be opened. Look at its path and permissions, {AGAIN}"),
    ("disk I/O", f"could not be read or written: its disk failed. Look at it, {AGAIN}"),
    ("malformed", "is damaged. Put back a copy of it"),
    ("not a database", "is damaged, or not a database. Put back a copy of it"),
    ("no such", "was made by another version of nbgrader: see `nbgrader db upgrade`"),
)
_LIBRARIES = ("sqlite3", "sqlalchemy", "psycopg")

_RAISED = re.compile(r"^\W*(?P<kind>[A-Za-z_][\w.]*): ?(?P<told>.*)$", re.MULTILINE)
_SYSTEM = re.compile(
    r"\[Errno (?P<code>\d+)\] (?P<reason>[^:\"']*)(?:: \\?'(?P<path>[^'\\]*))?"
)


def describe(error: BaseException) -> str:
    """Return what the machine refused and how to go on; empty if it did not."""
    if isinstance(error, MemoryError):
        return NO_MEMORY
    if isinstance(error, OSError):
        return _describe_system(error)
    kinds = {(k.__module__.partition(".")[0], k.__name__) for k in type(error).__mro__}
    if kinds & {(library, "DatabaseError") for library in _LIBRARIES}:
        return _describe_database(str(getattr(error, "orig", error)))
    return ""


def is_about_disk(error: OSError) -> bool:
    """Whether a disk is at fault, so that whatever comes next will fail, too."""
    return error.errno in _DISK


def find_refusal(log: str) -> str:
    """Return what the machine refused another program, according to its log."""
    for raised in _RAISED.finditer(log):
        kind = raised["kind"].rpartition(".")[2]
        if kind == "MemoryError":
            return NO_MEMORY
        if kind in ("OperationalError", "DatabaseError"):
            return _describe_database(raised["told"])
    for system in _SYSTEM.finditer(log):
        if int(system["code"]) in _DISK:
            code, reason, path = system["code"], system["reason"], system["path"]
            return _describe_system(OSError(int(code), reason, path))
    return ""


def name_path(error: OSError) -> str:
    """Return the path that an error is about, made printable; or an empty text."""
    path = error.filename2 or error.filename
    if path is None:
        return ""
    return printable(os.fsdecode(path) if isinstance(path, bytes) else str(path))


def _describe_system(error: OSError) -> str:
    path, reason = name_path(error), error.strerror or str(error)
    form = _SENTENCES.get(error.errno or 0, _OTHER if path else "")
    return form.format(path=path or "a file", reason=reason)


def _describe_database(reason: str) -> str:
    for words, told in _DATABASE:
        if words in reason:
            return f"The gradebook {told}."
    first = (reason.splitlines() or ["it did not say why"])[0]
    return f"The gradebook cannot be used: {first}"
