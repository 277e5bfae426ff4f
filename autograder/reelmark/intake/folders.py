"""Folders: the files of a submission that lie on disk, not in a zip.

They are found first, without opening any, and read one by one afterwards. No link is
followed, no matter when it was made (`descent`).
"""

from __future__ import annotations

import stat
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import RefusedSubmission
from reelmark.intake.archives import INNER_ZIP, Archive
from reelmark.intake.descent import Descent, Look, Seen, open_descent
from reelmark.intake.kinds import (
    ENVIRONMENT_MARKS,
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_NAME,
    MAX_PART,
    SOURCE,
    Kind,
    Parts,
    Sources,
    check_collisions,
    check_limits,
    drop_unusable_names,
    is_ignored,
    is_too_long,
    note_too_large,
    show,
)


class Folder:
    """A submission on disk, in one folder or in several places.

    Args:
        descent: An open folder that all of it lies in.
        places: The ways down to folders and files, by their names in the submission. A
            folder that is the whole submission has the name ``()``.
    """

    def __init__(self, descent: Descent, places: Mapping[Parts, Parts]) -> None:
        self._descent = descent
        self._places = places
        self._others: dict[Parts, Parts] = {}

    def read(self, kinds: tuple[Kind, ...] = (SOURCE,)) -> Sources:
        """Read files of some kinds into memory, and nothing else.

        Raises:
            RefusedSubmission: It cannot be read as a whole, or a rule for folders
                and zips alike is broken; the message says which.
        """
        walk = _Walk(self._descent, self._places, kinds)
        self._others = dict(walk.others)
        names = [file.name for file in walk.files]
        for kind in kinds:
            check_limits((f.size for f in walk.files if f.kind is kind), kind)
        check_collisions(names, names)
        read = {file.name: _read_file(file, self._descent) for file in walk.files}
        noted = [each for each in read.values() if isinstance(each, str)]
        files = {name: each for name, each in read.items() if isinstance(each, bytes)}
        kept, unusable = drop_unusable_names(files)
        others = tuple("/".join(name) for name, _ in walk.others[:5])
        zips = tuple(name for name, _ in walk.others if INNER_ZIP.holds(name))
        return Sources(kept, others, (*walk.notes, *noted, *unusable), zips)

    def open_inner(self, name: Parts) -> Archive:
        """Open a zip inside it, which was there when it was read.

        Args:
            name: What it is called in the submission (see `Sources.zips`).

        Raises:
            RefusedSubmission: It is not a zip, or breaks a rule of `archives`.
        """
        raw = self._others[name]
        return Archive(Path(*raw), name[-1], lambda _: self._descent.open(raw))


@contextmanager
def open_folder(path: Path) -> Iterator[Folder]:
    """Open a submission that is one folder.

    Raises:
        RefusedSubmission: It cannot be read, is a link, or is not a folder.
    """
    with ExitStack() as stack:
        try:
            descent = stack.enter_context(open_descent(path))
        except OSError as error:
            raise _refuse_unreadable(path.name, error) from error
        yield Folder(descent, {(): ()})


@dataclass(frozen=True)
class _File:
    """A file that was seen but not opened: its name here, and on disk."""

    name: Parts
    raw: Parts
    size: int
    kind: Kind


class _Walk:
    """The files below some places, found without opening one."""

    def __init__(
        self,
        descent: Descent,
        places: Mapping[Parts, Parts],
        kinds: tuple[Kind, ...],
    ) -> None:
        self._kinds = kinds
        self.files: list[_File] = []
        self.others: list[tuple[Parts, Parts]] = []
        self.notes: list[str] = []
        self._descent = descent
        self._num_entries = 0
        waiting = [
            folder for name, raw in places.items() for folder in self._start(name, raw)
        ]
        while waiting:
            waiting += self._visit(*waiting.pop())

    def _start(self, name: Parts, raw: Parts) -> list[tuple[Parts, Parts]]:
        """Put one place where it belongs; return it if it is a folder to visit."""
        if not name:
            return [(name, raw)]  # a folder, or else it is refused later
        state = self._descent.look(raw)
        if isinstance(state, OSError) or not stat.S_ISDIR(state.st_mode):
            self._count(1)
        return self._sort(name, raw, state)

    def _visit(self, name: Parts, raw: Parts) -> list[tuple[Parts, Parts]]:
        """Look through one folder and return the folders in it."""
        entries = self._list(name, raw)
        is_environment = any(each in ENVIRONMENT_MARKS for each, _ in entries)
        folder = name[-1] if name else ""
        folders = []
        for entry, state in entries:
            if not is_ignored(entry, folder, is_environment=is_environment):
                # Disks differ in how they store accents; snapshots must not.
                own = unicodedata.normalize("NFC", entry)
                folders += self._sort((*name, own), (*raw, entry), state)
        return folders

    def _list(self, name: Parts, raw: Parts) -> list[Seen]:
        try:
            found = self._descent.list(raw, MAX_ENTRIES + 1 - self._num_entries)
        except OSError as error:
            if not name:
                whole = raw[-1] if raw else self._descent.name
                raise _refuse_unreadable(whole, error) from error
            self.notes.append(_note_unreadable("/".join(name), error))
            return []
        self._count(len(found))
        return found

    def _count(self, num_entries: int) -> None:
        self._num_entries += num_entries
        if self._num_entries > MAX_ENTRIES:
            raise RefusedSubmission(
                f"The submission holds more than {MAX_ENTRIES:,} files and folders, "
                "too many to look through; hand in only the files you wrote."
            )

    def _sort(self, name: Parts, raw: Parts, state: Look) -> list[tuple[Parts, Parts]]:
        """Put one entry where it belongs; return it if it is a folder to visit."""
        shown = "/".join(name)
        kind = next((kind for kind in self._kinds if kind.holds(name)), None)
        if isinstance(state, OSError):
            self.notes.append(_note_unreadable(shown, state))
        elif stat.S_ISDIR(state.st_mode):
            return self._enter(name, raw)
        elif not stat.S_ISREG(state.st_mode):
            self.notes.append(_note_special(shown, state.st_mode))
        elif kind is None:
            self.others.append((name, raw))
        elif is_too_long(name):
            self.notes.append(_note_too_long(shown))
        else:
            self.files.append(_File(name, raw, state.st_size, kind))
        return []

    def _enter(self, name: Parts, raw: Parts) -> list[tuple[Parts, Parts]]:
        if len(name) < MAX_DEPTH:
            return [(name, raw)]
        shown = show("/".join(name))
        self.notes.append(f"{shown} was left out: it lies in too many folders.")
        return []


def _read_file(file: _File, descent: Descent) -> bytes | str:
    """Return the contents of a file, or a note that says why it is left out."""
    name = "/".join(file.name)
    try:
        with descent.open(file.raw) as opened:
            content = opened.read(file.kind.max_file_size + 1)
    except OSError as error:
        return _note_unreadable(name, error)
    is_taken = len(content) <= file.kind.max_file_size
    return content if is_taken else note_too_large(name, file.kind)


def _refuse_unreadable(name: str, error: OSError) -> RefusedSubmission:
    return RefusedSubmission(
        f"{show(name)} cannot be read ({error.strerror}); expected a folder of .py "
        "files, so hand it in again."
    )


def _note_unreadable(name: str, error: OSError) -> str:
    return f"{show(name)} was left out: it cannot be read ({error.strerror})."


def _note_too_long(name: str) -> str:
    return (
        f"{show(name)} was left out: its name is too long; at most {MAX_PART} bytes a "
        f"name and {MAX_NAME} with all its folders are possible, so shorten it."
    )


def _note_special(name: str, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return f"{show(name)} was left out: it is a symbolic link; hand in the file."
    return f"{show(name)} was left out: it is a device, pipe or socket, no file."
