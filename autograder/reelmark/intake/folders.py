"""Folders: the files of a submission that was handed in as a folder.

Found without following a link or opening a file; read one by one afterwards.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reelmark.errors import RefusedSubmission
from reelmark.intake.archives import open_regular
from reelmark.intake.kinds import (
    ENVIRONMENT_MARKS,
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_FILE_SIZE,
    Parts,
    Sources,
    check_collisions,
    check_limits,
    drop_unusable_names,
    is_ignored,
    is_source,
    note_too_large,
    show,
)


def _read_folder(folder: Path) -> Sources:
    walk = _Walk(folder)
    names = [file.name for file in walk.files]
    check_limits(file.size for file in walk.files)
    check_collisions(names, names)
    read = {file.name: _read_file(file) for file in walk.files}
    notes = [*walk.notes, *(each for each in read.values() if isinstance(each, str))]
    files = {name: each for name, each in read.items() if isinstance(each, bytes)}
    kept, unusable = drop_unusable_names(files)
    return Sources(kept, tuple(walk.others[:5]), (*notes, *unusable))


@dataclass(frozen=True)
class _File:
    """A source file that was seen but not opened."""

    name: Parts
    path: Path
    size: int


class _Walk:
    """The source below a folder: found without following a link or opening a file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: list[_File] = []
        self.others: list[str] = []
        self.notes: list[str] = []
        self._num_entries = 0
        waiting: list[Parts] = [()]
        while waiting:
            waiting += self._visit(waiting.pop())

    def _visit(self, raw: Parts) -> list[Parts]:
        """Look through one folder and return the folders in it."""
        entries = self._list(raw)
        is_environment = any(each.name in ENVIRONMENT_MARKS for each in entries)
        folder = raw[-1] if raw else ""
        folders = []
        for entry in entries:
            if not is_ignored(entry.name, folder, is_environment=is_environment):
                folders += self._sort((*raw, entry.name), entry)
        return folders

    def _list(self, raw: Parts) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root.joinpath(*raw)) as entries:
                found = list(islice(entries, MAX_ENTRIES + 1 - self._num_entries))
        except OSError as error:
            if not raw:
                raise RefusedSubmission(
                    f"{show(self.root.name)} cannot be read ({error.strerror}); "
                    "expected a folder of .py files, so hand it in again."
                ) from error
            self.notes.append(_note_unreadable("/".join(raw), error))
            return []
        self._num_entries += len(found)
        if self._num_entries > MAX_ENTRIES:
            raise RefusedSubmission(
                f"The submission holds more than {MAX_ENTRIES:,} files and folders, "
                "too many to look through; hand in only the files you wrote."
            )
        return sorted(found, key=lambda each: each.name)

    def _sort(self, raw: Parts, entry: os.DirEntry[str]) -> list[Parts]:
        """Put one entry where it belongs; return it if it is a folder to visit."""
        name = "/".join(raw)
        try:
            state = entry.stat(follow_symlinks=False)
        except OSError as error:
            self.notes.append(_note_unreadable(name, error))
            return []
        if stat.S_ISDIR(state.st_mode):
            return self._enter(raw)
        if not stat.S_ISREG(state.st_mode):
            self.notes.append(_note_special(name, state.st_mode))
        elif is_source(entry.name):
            self._keep(raw, state.st_size)
        else:
            self.others.append(name)
        return []

    def _enter(self, raw: Parts) -> list[Parts]:
        if len(raw) < MAX_DEPTH:
            return [raw]
        name = "/".join(raw)
        self.notes.append(f"{show(name)} was left out: it lies in too many folders.")
        return []

    def _keep(self, raw: Parts, size: int) -> None:
        # Disks differ in how they store accents; the snapshot must not.
        name = tuple(unicodedata.normalize("NFC", part) for part in raw)
        self.files.append(_File(name, self.root.joinpath(*raw), size))


def _read_file(file: _File) -> bytes | str:
    """Return the contents of a file, or a note that says why it is left out."""
    name = "/".join(file.name)
    try:
        with open_regular(file.path) as opened:
            content = opened.read(MAX_FILE_SIZE + 1)
    except OSError as error:
        return _note_unreadable(name, error)
    return content if len(content) <= MAX_FILE_SIZE else note_too_large(name)


def _note_unreadable(name: str, error: OSError) -> str:
    return f"{show(name)} was left out: it cannot be read ({error.strerror})."


def _note_special(name: str, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return f"{show(name)} was left out: it is a symbolic link; hand in the file."
    return f"{show(name)} was left out: it is a device, pipe or socket, no file."
