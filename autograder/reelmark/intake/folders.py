"""Folders: the files of a submission that lie on the disk, not in a zip.

Found without following a link or opening a file; read one by one afterwards.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

from reelmark.errors import RefusedSubmission
from reelmark.intake.archives import INNER_ZIP, Archive, open_regular
from reelmark.intake.kinds import (
    ENVIRONMENT_MARKS,
    MAX_DEPTH,
    MAX_ENTRIES,
    SOURCE,
    Kind,
    Parts,
    Sources,
    check_collisions,
    check_limits,
    drop_unusable_names,
    is_ignored,
    note_too_large,
    show,
)


class Folder:
    """A submission that lies on the disk: in one folder, or in several places.

    Args:
        places: Folders and files, by what they are called in the submission. The
            folder that is all of it is called ``()``.
    """

    def __init__(self, places: Mapping[Parts, Path]) -> None:
        self._places = places

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def read(self, kinds: tuple[Kind, ...] = (SOURCE,)) -> Sources:
        """Read files of some kinds into memory, and nothing else.

        Raises:
            RefusedSubmission: It cannot be read as a whole, or a rule for folders
                and zips alike is broken; the message says which.
        """
        walk = _Walk(self._places, kinds)
        names = [file.name for file in walk.files]
        for kind in kinds:
            check_limits((f.size for f in walk.files if f.kind is kind), kind)
        check_collisions(names, names)
        read = {file.name: _read_file(file) for file in walk.files}
        noted = [each for each in read.values() if isinstance(each, str)]
        files = {name: each for name, each in read.items() if isinstance(each, bytes)}
        kept, unusable = drop_unusable_names(files)
        others = tuple("/".join(name) for name, _ in walk.others[:5])
        zips = tuple(name for name, _ in walk.others if INNER_ZIP.holds(name))
        return Sources(kept, others, (*walk.notes, *noted, *unusable), zips)

    def open_inner(self, name: Parts) -> Archive:
        """Open a zip that lies in it.

        Args:
            name: What it is called in the submission (see `Sources.zips`).

        Raises:
            RefusedSubmission: It is none, or breaks a rule of `archives`.
        """
        return Archive(dict(_Walk(self._places).others)[name], name[-1])


@dataclass(frozen=True)
class _File:
    """A file that is taken, and was seen but not opened."""

    name: Parts
    path: Path
    size: int
    kind: Kind


class _Walk:
    """The files below some places: found without following a link or opening one."""

    def __init__(
        self, places: Mapping[Parts, Path], kinds: tuple[Kind, ...] = (SOURCE,)
    ) -> None:
        self._kinds = kinds
        self.files: list[_File] = []
        self.others: list[tuple[Parts, Path]] = []
        self.notes: list[str] = []
        self._num_entries = 0
        waiting = [
            folder
            for name, path in places.items()
            for folder in self._start(name, path)
        ]
        while waiting:
            waiting += self._visit(*waiting.pop())

    def _start(self, name: Parts, path: Path) -> list[tuple[Parts, Path]]:
        if path.is_dir() and not path.is_symlink():
            return [(name, path)]
        self._count(1)
        return self._sort(name, path)

    def _visit(self, name: Parts, path: Path) -> list[tuple[Parts, Path]]:
        """Look through one folder and return the folders in it."""
        entries = self._list(name, path)
        is_environment = any(each in ENVIRONMENT_MARKS for each in entries)
        folder = name[-1] if name else ""
        folders = []
        for entry in entries:
            if not is_ignored(entry, folder, is_environment=is_environment):
                # Disks differ in how they store accents; the snapshot must not.
                own = unicodedata.normalize("NFC", entry)
                folders += self._sort((*name, own), path / entry)
        return folders

    def _list(self, name: Parts, path: Path) -> list[str]:
        try:
            with os.scandir(path) as entries:
                most = MAX_ENTRIES + 1 - self._num_entries
                found = [entry.name for entry in islice(entries, most)]
        except OSError as error:
            if not name:
                raise RefusedSubmission(
                    f"{show(path.name)} cannot be read ({error.strerror}); "
                    "expected a folder of .py files, so hand it in again."
                ) from error
            self.notes.append(_note_unreadable("/".join(name), error))
            return []
        self._count(len(found))
        return sorted(found)

    def _count(self, num_entries: int) -> None:
        self._num_entries += num_entries
        if self._num_entries > MAX_ENTRIES:
            raise RefusedSubmission(
                f"The submission holds more than {MAX_ENTRIES:,} files and folders, "
                "too many to look through; hand in only the files you wrote."
            )

    def _sort(self, name: Parts, path: Path) -> list[tuple[Parts, Path]]:
        """Put one entry where it belongs; return it if it is a folder to visit."""
        shown = "/".join(name)
        try:
            state = path.stat(follow_symlinks=False)
        except OSError as error:
            self.notes.append(_note_unreadable(shown, error))
            return []
        if stat.S_ISDIR(state.st_mode):
            return self._enter(name, path)
        kind = next((kind for kind in self._kinds if kind.holds(name)), None)
        if not stat.S_ISREG(state.st_mode):
            self.notes.append(_note_special(shown, state.st_mode))
        elif kind:
            self.files.append(_File(name, path, state.st_size, kind))
        else:
            self.others.append((name, path))
        return []

    def _enter(self, name: Parts, path: Path) -> list[tuple[Parts, Path]]:
        if len(name) < MAX_DEPTH:
            return [(name, path)]
        shown = show("/".join(name))
        self.notes.append(f"{shown} was left out: it lies in too many folders.")
        return []


def _read_file(file: _File) -> bytes | str:
    """Return the contents of a file, or a note that says why it is left out."""
    name = "/".join(file.name)
    try:
        with open_regular(file.path) as opened:
            content = opened.read(file.kind.max_file_size + 1)
    except OSError as error:
        return _note_unreadable(name, error)
    is_taken = len(content) <= file.kind.max_file_size
    return content if is_taken else note_too_large(name, file.kind)


def _note_unreadable(name: str, error: OSError) -> str:
    return f"{show(name)} was left out: it cannot be read ({error.strerror})."


def _note_special(name: str, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return f"{show(name)} was left out: it is a symbolic link; hand in the file."
    return f"{show(name)} was left out: it is a device, pipe or socket, no file."
