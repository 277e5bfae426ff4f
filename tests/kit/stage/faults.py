"""Faults of a machine: each place at which a command changes a disk can fail.

Python tells an audit hook of every file that is opened and every folder that is made,
by whatever library; what the hook raises is raised there. A hook cannot be taken out
again, so there is one, which does nothing unless it is told to.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reelmark.terminal import endings

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.mkdir", "os.rename", "os.chmod", "os.link", "os.symlink", "os.truncate")

FAULTS: dict[str, Callable[[str], BaseException]] = {
    "full": lambda path: OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path),
    "denied": lambda path: OSError(errno.EACCES, os.strerror(errno.EACCES), path),
    "read-only": lambda path: OSError(errno.EROFS, os.strerror(errno.EROFS), path),
    "in use": lambda path: OSError(errno.EBUSY, os.strerror(errno.EBUSY), path),
    "no memory": lambda _: MemoryError(),
}
"""What a machine refuses with, by name."""

Tree = dict[str, bytes | None]
"""What lies in a folder: the content of files, None for folders."""


@dataclass
class Machine:
    """A machine that fails at one place.

    Attributes:
        root: The folder of which changes are looked at.
        fail_at: The number of the place that fails, from 1; 0 for none.
        fault: What it fails with.
        places: What was done at each place so far.
    """

    root: Path
    fail_at: int = 0
    fault: str = "full"
    places: list[str] = field(default_factory=list)

    def note(self, what: str, path: str) -> None:
        """Take note of a change; let it fail if it is the one that is to."""
        if not str(path).startswith(str(self.root)):
            return
        self.places.append(f"{what} {Path(path).relative_to(self.root)}")
        if len(self.places) == self.fail_at:
            raise FAULTS[self.fault](path)


_machine: Machine | None = None


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _machine is None:
        return
    path = arguments[0] if arguments else None
    path = os.fsdecode(path) if isinstance(path, bytes) else path
    if event == "open" and isinstance(path, (str, os.PathLike)):
        _, mode, flags = arguments
        if (isinstance(mode, str) and set(mode) & set("wxa+")) or (
            isinstance(flags, int) and flags & WRITING
        ):
            _machine.note("open", os.fspath(path))
    elif event in CHANGES and isinstance(path, (str, os.PathLike)):
        # A folder that is there is not made, whatever the disk would say.
        is_idle = event == "os.mkdir" and Path(path).is_dir()
        if not is_idle:
            _machine.note(event, os.fspath(path))


sys.addaudithook(_hear)


@contextlib.contextmanager
def failing(machine: Machine) -> Iterator[None]:
    """Let the machine fail; writing what is in memory to the disk is a place too."""
    global _machine
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        machine.note("fsync", str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", fsync)
        patched.setattr(tempfile, "tempdir", str(machine.root / "temporary"))
        _machine = machine
        try:
            yield
        finally:
            _machine = None


def read_tree(folder: Path) -> Tree:
    """Return what lies in a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def run(command: Callable[[], None], machine: Machine) -> int:
    """Run a command on a machine; return its exit code."""

    def carry_out() -> int:
        command()
        return 0

    (machine.root / "temporary").mkdir(exist_ok=True)
    with failing(machine):
        return endings.run(carry_out)


@contextlib.contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold a SQLite database as another program that writes to it does."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()
