"""The workspace: where a run keeps its temporary files, and keeps other runs out."""

from __future__ import annotations

import contextlib
import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from reelmark.errors import MachineFault
from reelmark.files import open_temporary, remove_tree

TAKEN = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""Errors that say that another process holds a lock; others mean there are no locks."""


WORK = ".work"


class Workspace:
    """The folder of a run's temporary files, inside the folder of its results.

    A run that was killed could not tidy up; the next one does. Two simultaneous runs
    in one folder would overwrite each other's results, so a lock, which the system
    releases when a process dies, keeps the second out.

    Args:
        out: The folder of results.
        name: The name of the workspace in it. Runs that mark different submissions may
            share the folder of results, and have workspaces of their own.
    """

    def __init__(self, out: Path, name: str = WORK) -> None:
        self._path = out / name

    @property
    def path(self) -> Path:
        """The folder itself; it need not exist yet."""
        return self._path

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Hold the workspace; it is removed afterwards.

        Raises:
            MachineFault: Another run holds it.
        """
        self._path.mkdir(parents=True, exist_ok=True)
        path = self._path / "lock"
        with path.open("w") as lock:
            self._take(lock)
            self._remove_folders()
            yield
            remove_tree(self._path)
            has_stayed = path.exists()
        if has_stayed:  # Windows does not remove what is open
            with contextlib.suppress(OSError):
                path.unlink()
                self._path.rmdir()

    def folder(self) -> contextlib.AbstractContextManager[Path]:
        """Hold a new empty folder; it is removed afterwards."""
        return open_temporary(self._path)

    def _take(self, lock: IO[str]) -> None:
        try:
            lock_file(lock)
        except OSError as error:
            if error.errno not in TAKEN:
                raise
            raise MachineFault(
                f"Another run is writing to {self._path.parent}. Wait for its "
                "end, or name another folder with --out."
            ) from error

    def _remove_folders(self) -> None:
        for left in self._path.iterdir():
            if left.is_dir():
                remove_tree(left)


def lock_file(file: IO[str]) -> None:
    """Lock an open file until it is closed or this process ends.

    Raises:
        OSError: Another process, or this one, holds it.
    """
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
