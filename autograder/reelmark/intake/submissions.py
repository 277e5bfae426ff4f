"""Intake: from a folder that strangers handed in to snapshots that are safe to mark.

Every folder and every ``.zip`` in the folder of submissions is one student's. From
each, marking gets a snapshot: a copy of only the ``.py`` files, which is the same
for a folder and for a zip.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import RefusedSubmission, UsageError
from reelmark.intake.archives import ARCHIVE_SUFFIXES, Archive
from reelmark.intake.folders import open_folder
from reelmark.intake.kinds import fold, show
from reelmark.intake.nesting import Container
from reelmark.text import printable

MAX_STEM = 100  # bytes; leaves room for the suffixes of results and reports


MARKS = ".reelmark-marks"
"""A file that marks a folder of results, which therefore holds no submissions."""

ROSTER = "roster.csv"
"""The file beside results that says whose they are; `lms.roster` writes it."""

LAYOUT = "one folder or .zip a student (SUBMISSIONS/<student>/*.py, <student>.zip)"


# "~" marks the stems made here, so no student's own name may hold one.
_UNSAFE = re.compile(r'[<>:"/\\|?*~]')


_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}
)


@dataclass(frozen=True)
class Upload:
    """What one student handed in.

    ``student`` is the name of the folder or zip, made printable: backslashes and
    whatever must not reach a terminal are escaped. ``notes`` are sentences for the
    student about the way it was handed in.
    """

    student: str
    path: Path
    notes: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The student's name as a file name (see `file_stem`)."""
        return file_stem(self.student)

    def open(self) -> AbstractContextManager[Container]:
        """Open it, to read the sources in it.

        Raises:
            RefusedSubmission: It cannot be opened; the message says why.
        """
        return open_path(self.path)


def find_uploads(folder: Path) -> list[Upload]:
    """List the submissions in ``folder``, sorted by student.

    An archive that is not a zip counts as a submission, so that its student gets a
    result that says why it was refused; other loose files do not (`unrecognised`).

    Raises:
        UsageError: ``folder`` is missing, not a folder, or empty; or two submissions
            belong to the same student, or would on a disk that ignores case.
    """
    found = [
        Upload(name_student(path.name, is_folder=is_folder), path)
        for path, is_folder in _list(folder)
        if is_upload(path.name, is_folder=is_folder)
    ]
    if not found:
        loose = ", ".join(show(name) for name in unrecognised(folder)[:5])
        raise UsageError(
            f"{folder} holds no submissions{loose and f', only {loose}'}. Expected "
            f"{LAYOUT}; put even a single student's files into a folder of their own."
        )
    _check_students(found)
    return sorted(found, key=lambda each: each.student)


def unrecognised(folder: Path) -> list[str]:
    """List the loose files in ``folder`` that are not submissions, made printable.

    Raises:
        UsageError: ``folder`` is missing or not a folder.
    """
    return [
        printable(path.name)
        for path, is_folder in _list(folder)
        if not is_upload(path.name, is_folder=is_folder)
    ]


def is_upload(name: str, *, is_folder: bool) -> bool:
    """Whether something in a folder of submissions is a student's."""
    return is_folder or name.casefold().endswith(ARCHIVE_SUFFIXES)


def may_be_folder(path: Path) -> bool:
    """Whether this is a folder, or a link, which is not followed.

    What cannot be looked at counts as a folder, so that its student is told.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return stat.S_ISDIR(mode) or stat.S_ISLNK(mode)


def name_student(name: str, *, is_folder: bool) -> str:
    """Return whose a folder or an archive is, judging by its name."""
    if not is_folder:
        suffixes = (end for end in ARCHIVE_SUFFIXES if name.casefold().endswith(end))
        name = name[: -len(next(suffixes))]
    # The backslash too, or an escaped name could pass for one spelled like that.
    return printable(unicodedata.normalize("NFC", name).replace("\\", r"\\"))


@contextmanager
def open_path(path: Path) -> Iterator[Container]:
    """Open a submission that is a folder or a zip.

    Raises:
        RefusedSubmission: It is neither; the message says what it is instead.
    """
    if path.is_symlink():
        raise RefusedSubmission(
            f"{show(path.name)} is a symbolic link, which is never followed; expected "
            "a folder or a .zip, so put the files themselves there."
        )
    with open_folder(path) if path.is_dir() else Archive(path) as opened:
        yield opened


def find_nesting(submissions: Path, out: Path) -> str:
    """Return a sentence if one of two folders lies in the other, else nothing.

    Args:
        submissions: The folder in which every folder is a student.
        out: The folder that results are written to; it need not exist.
    """
    given, written = submissions.resolve(), out.resolve()
    if written.is_relative_to(given):
        return f"What is written to {out} would be taken for submissions in {given}."
    if given.is_relative_to(written):
        return f"The submissions in {submissions} lie among what is written to {out}."
    return ""


def file_stem(student: str) -> str:
    """Return a student's name as a safe file name that nobody else has.

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


def _list(folder: Path) -> list[tuple[Path, bool]]:
    """List what lies in a folder, and whether each may be a folder itself."""
    # It may lie in a folder without access, where pathlib raises but os.path does not.
    if os.path.isfile(folder / MARKS):  # noqa: PTH113
        raise UsageError(
            f"{folder} holds results of an earlier run. Expected a folder with "
            f"{LAYOUT}."
        )
    try:
        paths = sorted(each for each in folder.iterdir() if not _is_hidden(each.name))
        return [(path, may_be_folder(path)) for path in paths]
    except (FileNotFoundError, NotADirectoryError) as error:
        is_missing = isinstance(error, FileNotFoundError)
        state = "does not exist" if is_missing else "is not a folder"
        raise UsageError(
            f"{folder} {state}. Expected a folder with {LAYOUT}; check the path."
        ) from error
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be read ({error.strerror}); check its permissions."
        ) from error


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in ("__MACOSX", "__pycache__")


def _check_students(found: list[Upload]) -> None:
    """Refuse two submissions whose results might end up in one file."""
    seen: dict[str, Upload] = {}
    faults = []
    for each in found:
        first = seen.setdefault(fold(each.student), each)
        if first is not each:
            faults.append(_describe_twins(first, each))
    if faults:
        more = f" ({len(faults) - 5} more like these.)" if len(faults) > 5 else ""
        raise UsageError(" ".join(faults[:5]) + more)


def _describe_twins(first: Upload, second: Upload) -> str:
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
