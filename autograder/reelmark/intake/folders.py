"""Folders: the files of a submission that was handed in as a folder.

Found first, without opening a file; read one by one afterwards. No link is followed,
whenever it was made (`descent`).
"""

from __future__ import annotations

import os
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import RefusedSubmission
from reelmark.intake.descent import Descent, Seen, open_descent
from reelmark.intake.kinds import (
    ENVIRONMENT_MARKS,
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_FILE_SIZE,
    MAX_NAME,
    MAX_PART,
    Parts,
    Sources,
    check_collisions,
    check_limits,
    drop_unusable_names,
    is_ignored,
    is_source,
    is_too_long,
    note_too_large,
    show,
)


def read_folder(folder: Path) -> Sources:
    """Read the source files below a folder into memory.

    Raises:
        RefusedSubmission: They are too many or too large, or the folder cannot be
            read.
    """
    try:
        with open_descent(folder) as descent:
            return _read(descent)
    except OSError as error:
        raise RefusedSubmission(
            f"{show(folder.name)} cannot be read ({error.strerror}); expected a folder "
            "of .py files, so hand it in again."
        ) from error


def _read(descent: Descent) -> Sources:
    walk = _Walk(descent)
    names = [file.name for file in walk.files]
    check_limits(file.size for file in walk.files)
    check_collisions(names, names)
    read = {file.name: _read_file(file, descent) for file in walk.files}
    notes = [*walk.notes, *(each for each in read.values() if isinstance(each, str))]
    files = {name: each for name, each in read.items() if isinstance(each, bytes)}
    kept, unusable = drop_unusable_names(files)
    return Sources(kept, tuple(walk.others[:5]), (*notes, *unusable))


@dataclass(frozen=True)
class _File:
    """A source file that was seen but not opened: its name here, and on its disk."""

    name: Parts
    raw: Parts
    size: int


class _Walk:
    """The source below a folder, found without opening a file.

    Raises:
        OSError: The folder itself cannot be read.
    """

    def __init__(self, descent: Descent) -> None:
        self.files: list[_File] = []
        self.others: list[str] = []
        self.notes: list[str] = []
        self._descent = descent
        self._num_entries = 0
        waiting: list[Parts] = [()]
        while waiting:
            waiting += self._visit(waiting.pop())

    def _visit(self, raw: Parts) -> list[Parts]:
        """Look through one folder and return the folders in it."""
        entries = self._list(raw)
        is_environment = any(name in ENVIRONMENT_MARKS for name, _ in entries)
        folder = raw[-1] if raw else ""
        folders = []
        for name, state in entries:
            if not is_ignored(name, folder, is_environment=is_environment):
                folders += self._sort((*raw, name), state)
        return folders

    def _list(self, raw: Parts) -> list[Seen]:
        try:
            found = self._descent.list(raw, MAX_ENTRIES + 1 - self._num_entries)
        except OSError as error:
            if not raw:
                raise
            self.notes.append(_note_unreadable("/".join(raw), error))
            return []
        self._num_entries += len(found)
        if self._num_entries > MAX_ENTRIES:
            raise RefusedSubmission(
                f"The submission holds more than {MAX_ENTRIES:,} files and folders, "
                "too many to look through; hand in only the files you wrote."
            )
        return found

    def _sort(self, raw: Parts, state: os.stat_result | OSError) -> list[Parts]:
        """Put one entry where it belongs; return it if it is a folder to visit."""
        name = "/".join(raw)
        if isinstance(state, OSError):
            self.notes.append(_note_unreadable(name, state))
        elif stat.S_ISDIR(state.st_mode):
            return self._enter(raw)
        elif not stat.S_ISREG(state.st_mode):
            self.notes.append(_note_special(name, state.st_mode))
        elif is_source(raw[-1]):
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
        if is_too_long(name):
            self.notes.append(
                f"{show('/'.join(raw))} was left out: its name is too long; at most "
                f"{MAX_PART} bytes a name and {MAX_NAME} with all its folders are "
                "possible, so shorten it."
            )
        else:
            self.files.append(_File(name, raw, size))


def _read_file(file: _File, descent: Descent) -> bytes | str:
    """Return the contents of a file, or a note that says why it is left out."""
    name = "/".join(file.name)
    try:
        with descent.open(file.raw) as opened:
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
