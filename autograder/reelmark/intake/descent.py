"""Descent: down into a stranger's folder, and never through a link.

Every step starts from a folder that is already open. So swapping a folder for a link
in the meantime leads nobody astray, and no path is too long. Windows has no such
calls: there, each step is checked before it is taken.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from reelmark.files import FOLDER_FLAGS
from reelmark.intake.archives import open_regular
from reelmark.intake.kinds import Parts

HAS_DESCRIPTORS = os.open in os.supports_dir_fd and os.scandir in os.supports_fd

Look = os.stat_result | OSError
"""What something is, or why that cannot be determined."""

Seen = tuple[str, Look]
"""The name of an entry, and what it is."""


class Descent:
    """A stranger's folder, and the way down to everything in it.

    Args:
        path: The folder.
        descriptor: The same, open; None where folders cannot be opened.
    """

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self._path = path
        self._descriptor = descriptor

    @property
    def name(self) -> str:
        """What the folder is called."""
        return self._path.name

    def look(self, parts: Parts) -> Look:
        """Return what something is, which may be a link.

        Args:
            parts: The way down to it, and its name.
        """
        try:
            with self._enter(parts[:-1]) as here:
                if isinstance(here, int):
                    return os.stat(parts[-1], dir_fd=here, follow_symlinks=False)
                return (here / parts[-1]).lstat()
        except OSError as error:
            return error

    def list(self, parts: Parts, most: int) -> list[Seen]:
        """Return what is in a folder, sorted by name.

        Args:
            parts: The way down to it.
            most: How many entries to look at.

        Raises:
            OSError: It cannot be read; or it, or a folder above it, is a link.
        """
        with self._enter(parts) as here, os.scandir(here) as entries:
            seen = [_look_at(entry) for entry in islice(entries, most)]
        return sorted(seen, key=lambda each: each[0])

    def open(self, parts: Parts) -> io.BufferedReader:
        """Open an ordinary file.

        Args:
            parts: The way down to it, and its name.

        Raises:
            OSError: It cannot be read, is not an ordinary file, or lies behind a link.
        """
        with self._enter(parts[:-1]) as here:
            if isinstance(here, int):
                return open_regular(Path(parts[-1]), within=here)
            return open_regular(here / parts[-1])

    @contextlib.contextmanager
    def _enter(self, parts: Parts) -> Iterator[int | Path]:
        """Hold a folder open; yields its path where the system cannot do that."""
        if self._descriptor is None:
            yield self._walk(parts)
            return
        here = os.dup(self._descriptor)
        try:
            for part in parts:
                inner = os.open(part, FOLDER_FLAGS, dir_fd=here)
                os.close(here)
                here = inner
            yield here
        finally:
            os.close(here)

    def _walk(self, parts: Parts) -> Path:
        place = self._path
        for part in parts:
            place /= part
            if not stat.S_ISDIR(place.lstat().st_mode):
                raise OSError(errno.ENOTDIR, "not a folder")
        return place


@contextlib.contextmanager
def open_descent(folder: Path) -> Iterator[Descent]:
    """Open a stranger's folder.

    Raises:
        OSError: It cannot be read, is a link, or is not a folder.
    """
    if not HAS_DESCRIPTORS:
        yield Descent(folder, None)
        return
    descriptor = os.open(folder, FOLDER_FLAGS)
    try:
        yield Descent(folder, descriptor)
    finally:
        os.close(descriptor)


def _look_at(entry: os.DirEntry[str]) -> Seen:
    try:
        return entry.name, entry.stat(follow_symlinks=False)
    except OSError as error:
        return entry.name, error
