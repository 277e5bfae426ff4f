"""Intake: from a folder of what strangers handed in to snapshots safe to mark.

Every folder and every ``.zip`` in the folder of submissions is a student. Of
each, marking gets a snapshot: a copy of the ``.py`` files and nothing else, the
same whether they came in a folder or in a zip.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from reelmark.errors import RefusedSubmission, UsageError
from reelmark.intake.archives import ARCHIVE_SUFFIXES, open_regular, read_files
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
    fold,
    is_ignored,
    is_source,
    note_too_large,
    printable,
    show,
    write_files,
)

MAX_NOTES = 20
MAX_STEM = 100  # bytes; leaves room for the suffixes of results and reports
LAYOUT = "one folder or .zip a student (SUBMISSIONS/<student>/*.py, <student>.zip)"

# "~" marks the stems made here, so no student's own name may hold one.
_UNSAFE = re.compile(r'[<>:"/\\|?*~]')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    ``student`` is the name of the folder or zip, printable: what a terminal
    must not be sent, and the backslash, are escaped.
    """

    student: str
    path: Path

    @property
    def stem(self) -> str:
        """The student's name as a file name (see `file_stem`)."""
        return file_stem(self.student)


@dataclass(frozen=True)
class Snapshot:
    """A copy of a submission's source, safe to mark.

    ``notes`` are sentences for its author; ``digest`` is the SHA-256 of names and
    contents, the same for a folder and a zip of it and on every machine.
    """

    folder: Path
    notes: tuple[str, ...]
    digest: str


def find_submissions(folder: Path) -> list[Submission]:
    """List the submissions in ``folder``, sorted by student.

    An archive that is no zip counts as one, so that its student gets a result
    that says why it was refused; other loose files do not (`unrecognised`).

    Raises:
        UsageError: ``folder`` is missing, no folder or empty; or two submissions
            are the same student's, or would be on a disk that ignores case.
    """
    found = [_read_submission(path) for path in _list(folder) if _is_submission(path)]
    if not found:
        loose = ", ".join(show(name) for name in unrecognised(folder)[:5])
        raise UsageError(
            f"{folder} holds no submissions{loose and f', only {loose}'}. Expected "
            f"{LAYOUT}; put even a single student's files into a folder of their own."
        )
    _check_students(found)
    return sorted(found, key=lambda each: each.student)


def unrecognised(folder: Path) -> list[str]:
    """List, printable, the loose files in ``folder`` that are no submissions.

    Raises:
        UsageError: ``folder`` is missing or no folder.
    """
    return [printable(path.name) for path in _list(folder) if not _is_submission(path)]


def take_snapshot(
    submission: Submission, modules: tuple[str, ...], into: Path
) -> Snapshot:
    """Copy what marking needs of ``submission`` to ``into``.

    Args:
        submission: What to copy from; it is only read.
        modules: Names of the modules that are marked, without ``.py``.
        into: An empty folder, or one that is to be made.

    Returns:
        The snapshot: its top folder is the one that holds the modules, even if
        they lay further down in what was handed in.

    Raises:
        RefusedSubmission: It cannot be marked as a whole; the message says why.
    """
    sources = _read(submission.path)
    home, note = _find_home(sources, modules)
    files = sources.below(home)
    write_files(files, into)
    notes = _limit_notes((note, *sources.notes) if note else sources.notes)
    return Snapshot(into, notes, compute_digest(files))


def file_stem(student: str) -> str:
    """Return a student's name as a file name that is safe and theirs alone.

    Examples:
        >>> file_stem("ada")
        'ada'
        >>> file_stem("-rf *")
        'rf~bb9d06af0c02'
    """
    if _is_safe_stem(student):
        return student
    slug = re.sub("[^A-Za-z0-9]+", "-", student)[:40].strip("-")
    raw = student.encode("utf-8", "surrogatepass")
    return f"{slug or 'student'}~{hashlib.sha256(raw).hexdigest()[:12]}"


def compute_digest(files: Mapping[Parts, bytes]) -> str:
    """Return the SHA-256 over sorted names and contents, as hexadecimal digits."""
    total = hashlib.sha256()
    for name, content in sorted(("/".join(name), files[name]) for name in files):
        # Hashes are of one length, so no name can pass for the start of a content.
        total.update(hashlib.sha256(name.encode("utf-8")).digest())
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def _list(folder: Path) -> list[Path]:
    if not folder.is_dir():
        state = "is not a folder" if folder.exists() else "does not exist"
        raise UsageError(
            f"{folder} {state}. Expected a folder with {LAYOUT}; check the path."
        )
    try:
        return sorted(path for path in folder.iterdir() if not _is_hidden(path.name))
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be read ({error.strerror}); check its permissions."
        ) from error


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


def _is_submission(path: Path) -> bool:
    return path.is_dir() or path.name.casefold().endswith(ARCHIVE_SUFFIXES)


def _read_submission(path: Path) -> Submission:
    name = path.name
    if not path.is_dir():
        suffixes = (end for end in ARCHIVE_SUFFIXES if name.casefold().endswith(end))
        name = name[: -len(next(suffixes))]
    # The backslash too, or an escaped name could pass for one spelled like that.
    name = unicodedata.normalize("NFC", name).replace("\\", r"\\")
    return Submission(printable(name), path)


def _check_students(found: list[Submission]) -> None:
    """Refuse two submissions whose results might be one file."""
    seen: dict[str, Submission] = {}
    faults = []
    for each in found:
        first = seen.setdefault(fold(each.student), each)
        if first is not each:
            faults.append(_describe_twins(first, each))
    if faults:
        more = f" ({len(faults) - 5} more like these.)" if len(faults) > 5 else ""
        raise UsageError(" ".join(faults[:5]) + more)


def _describe_twins(first: Submission, second: Submission) -> str:
    pair = f"{show(first.path.name)} and {show(second.path.name)}"
    if first.student == second.student:
        return (
            f"{pair} are both the submission of {first.student}: keep the one to be "
            f"marked and move the other out of {first.path.parent}."
        )
    return (
        f"{pair} name students who differ only in case or in how accents are stored, "
        "so their results would be one file on many disks: rename one, or remove it if "
        "they are the same student's."
    )


def _is_safe_stem(name: str) -> bool:
    return (
        name.isprintable()
        and not _UNSAFE.search(name)
        and name[:1] not in ("", "-", ".", " ")
        and name[-1] not in ". "
        and name.split(".")[0].rstrip().casefold() not in _RESERVED
        and len(name.encode("utf-8")) <= MAX_STEM
    )


def _read(path: Path) -> Sources:
    if path.is_symlink():
        raise RefusedSubmission(
            f"{show(path.name)} is a symbolic link, which is never followed; expected "
            "a folder or a .zip, so put the files themselves there."
        )
    return _read_folder(path) if path.is_dir() else read_files(path)


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


def _find_home(sources: Sources, modules: tuple[str, ...]) -> tuple[Parts, str]:
    """Return the folder that holds the modules, and a note if it is not the top."""
    wanted = {f"{module}.py" for module in modules}
    homes = sorted({name[:-1] for name in sources.files if name[-1] in wanted}, key=len)
    nearest = [home for home in homes if len(home) == len(homes[0])]
    if not nearest:
        return (), _note_nothing(sources, modules)
    if len(nearest) > 1:
        places = " and ".join(show("/".join(home)) for home in sorted(nearest)[:3])
        raise RefusedSubmission(
            f"The modules lie in several folders ({places}), so it cannot be told "
            "which are meant; put all of them into one folder and hand in that."
        )
    if not nearest[0]:
        return (), ""
    place = show("/".join(nearest[0]))
    note = f"The modules were found in the folder {place}; the rest was left out."
    return nearest[0], note


def _note_nothing(sources: Sources, modules: tuple[str, ...]) -> str:
    names = [*("/".join(name) for name in sorted(sources.files)), *sources.others]
    instead = ", ".join(show(name) for name in names[:5]) or "no files"
    expected = ", ".join(f"{module}.py" for module in modules)
    return (
        f"None of the modules was found. Looked for {expected}; found {instead}. Hand "
        "in the .py files themselves: notebooks and archives inside are not opened."
    )


def _limit_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    if len(notes) <= MAX_NOTES:
        return notes
    more = len(notes) - MAX_NOTES
    return (*notes[:MAX_NOTES], f"{more} more files were left out for such reasons.")
