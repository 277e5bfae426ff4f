"""Submissions: what lies in ``submitted/``, made safe for nbgrader to copy.

nbgrader follows links when it copies a submission, and so would hand a file of
the instructor's back to whoever linked to it; a pipe or a senseless time stamp
makes it fail. Such entries are taken out before it copies anything.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc
from rich.console import Console

from reelmark.course.folder import Course
from reelmark.errors import UsageError
from reelmark.files import write_whole
from reelmark.grading.fingerprint import hash_texts
from reelmark.handout.report import NAME
from reelmark.intake.archives import open_regular
from reelmark.intake.moments import parse_moment
from reelmark.intake.submissions import Upload
from reelmark.text import printable

STAMP = "timestamp.txt"
MAX_STAMP = 100
TIME = "2026-03-06 17:00 UTC"


def find_submitted(course: Course) -> list[Upload]:
    """List what was handed in, sorted by student.

    Raises:
        UsageError: Nothing was.
    """
    folder = _find_folder(course)
    found = [
        Upload(printable(student), folder / student / course.assignment)
        for student in list_handed_in(course)
    ]
    if not found:
        raise UsageError(
            f"{folder} holds no submissions of {course.assignment}. Collect them with: "
            f"reelmark course collect; or put them there, as "
            f"<student>/{course.assignment}/*.py."
        )
    return found


def list_handed_in(course: Course) -> list[str]:
    """List, in order, the students of whom there is a submission."""
    folder = _find_folder(course)
    return [
        path.name
        for path in sorted(folder.iterdir() if folder.is_dir() else ())
        if (path / course.assignment).is_dir() and not path.is_symlink()
    ]


def make_safe(*, notebooks: Sequence[str], **_: Any) -> None:
    """Nbgrader's hook before it copies a submission; ``notebooks`` lie in it."""
    for folder in {Path(notebook).parent for notebook in notebooks}:
        remove_unsafe(folder)


def remove_unsafe(folder: Path) -> dict[str, str]:
    """Take out of a submission what nbgrader must not copy.

    Returns:
        Why each thing was taken out, by its name.
    """
    removed = {}
    for path in list(walk(folder)):
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            path.unlink()
            removed[str(path.relative_to(folder))] = "it is not a regular file"
    stamp = folder / STAMP
    if os.path.lexists(stamp) and not _is_time(stamp):
        remove = shutil.rmtree if stamp.is_dir() else Path.unlink
        remove(stamp)
        removed[STAMP] = f"it does not hold a time such as {TIME}, so nobody is late"
    return removed


def tell_unsafe(submission: Upload, console: Console) -> None:
    """Take out of a submission what nbgrader must not copy, and print what it was."""
    for name, reason in remove_unsafe(submission.path).items():
        told = f"{submission.student}: {name} was taken out, as {reason}."
        console.print(told)


def add_missing_notebook(course: Course, submission: Upload) -> bool:
    """Put the released notebook where none was handed in; return whether it was.

    nbgrader passes over whoever has no notebook, and their code with it.
    """
    path = submission.path / NAME
    if os.path.lexists(path):
        return False
    write_whole(path, (course.place("release") / NAME).read_bytes())
    return True


def digest_files(folder: Path) -> str:
    """Return what changes when a submission changes."""
    states = []
    for path in sorted(walk(folder)):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            states.append(f"{path.relative_to(folder)} {content}")
    return hash_texts(states)


def walk(folder: Path) -> Iterator[Path]:
    """Yield every entry below ``folder``, never through a link."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(place, name)


def _find_folder(course: Course) -> Path:
    return course.place("submitted", "*").parent.parent


def _is_time(path: Path) -> bool:
    """Whether a file holds a time that nbgrader reads as it is meant."""
    with suppress(OSError, ValueError, OverflowError), open_regular(path) as file:
        text = file.read(MAX_STAMP + 1).decode("utf-8").strip()
        meant = parse_moment(text).replace(tzinfo=None)
        return len(text) <= MAX_STAMP and parse_utc(text) == meant
    return False
