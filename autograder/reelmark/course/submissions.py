"""Submissions: what is in ``submitted/``, made safe for nbgrader to copy.

nbgrader follows links when it copies a submission, and so would hand one of the
instructor's files to whoever linked to it; a pipe or a nonsensical time stamp
makes it fail. Such entries are removed before it copies anything.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc
from rich.console import Console

from reelmark.course.folder import Course
from reelmark.errors import RefusedSubmission, UsageError
from reelmark.files import remove_tree, write_whole
from reelmark.grading.fingerprint import hash_texts
from reelmark.handout.report import NAME
from reelmark.intake.archives import open_regular
from reelmark.intake.moments import parse_moment
from reelmark.intake.submissions import Upload, find_nesting, may_be_folder
from reelmark.text import printable

STAMP = "timestamp.txt"
MAX_STAMP = 100
TIME = "2026-03-06 17:00 UTC"


def find_submitted(course: Course) -> list[Upload]:
    """List what was handed in, sorted by student.

    Raises:
        UsageError: Nothing was; or it lies among the results, or vice versa.
    """
    folder = _find_folder(course)
    if nesting := find_nesting(folder, course.marks):
        raise UsageError(
            f"{nesting} Give c.CourseDirectory.submitted_directory in "
            "nbgrader_config.py a folder of its own, such as submitted."
        )
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
    """List, in order, the students with a submission."""
    folder = _find_folder(course)
    return [
        path.name
        for path in sorted(folder.iterdir() if folder.is_dir() else ())
        if may_be_folder(path / course.assignment) and not path.is_symlink()
    ]


def make_safe(*, notebooks: Sequence[str], **_: Any) -> None:
    """Nbgrader's hook before it copies a submission, which contains ``notebooks``."""
    for folder in {Path(notebook).parent for notebook in notebooks}:
        remove_unsafe(folder)


def remove_unsafe(folder: Path) -> dict[str, str]:
    """Remove from a submission what nbgrader must not copy.

    Returns:
        By name, why each thing was removed.

    Raises:
        OSError: Something cannot be removed; the rest was.
    """
    removed, left = {}, None
    for path, state in list(walk(folder)):
        if words := _find_danger(path, state, folder / STAMP):
            try:
                remove_tree(path) if stat.S_ISDIR(state.st_mode) else path.unlink()
            except OSError as error:
                left = error
            removed[str(path.relative_to(folder))] = words
    if left:
        raise left
    return removed


def _find_danger(path: Path, state: os.stat_result, stamp: Path) -> str:
    """Return why nbgrader must not copy an entry; empty if it may."""
    if not (_is_file(state) or stat.S_ISDIR(state.st_mode)):
        return "it is not a regular file"
    if path == stamp and not _is_time(path):
        return f"it does not hold a time such as {TIME}, so nobody is late"
    return ""


def tell_unsafe(submission: Upload, console: Console) -> None:
    """Remove from a submission what nbgrader must not copy, and print what it was.

    Raises:
        OSError: Something cannot be removed.
        RefusedSubmission: It is a link, which may lead anywhere.
    """
    if submission.path.is_symlink():
        raise RefusedSubmission("it is a symbolic link, which is never followed")
    for name, reason in remove_unsafe(submission.path).items():
        told = f"{submission.student}: {name} was taken out, as {reason}."
        console.print(told)


def add_missing_notebook(course: Course, submission: Upload) -> bool:
    """If no notebook was handed in, add the released one; return whether it was added.

    nbgrader skips students without a notebook, and so their code.
    """
    path = submission.path / NAME
    if os.path.lexists(path):
        return False
    write_whole(path, (course.place("release") / NAME).read_bytes())
    return True


def digest_files(folder: Path) -> str:
    """Return a digest that changes whenever a submission changes."""
    found = ((path, state) for path, state in walk(folder) if _is_file(state))
    states = [f"{path.relative_to(folder)} {_digest(path)}" for path, _ in found]
    return hash_texts(sorted(states))


def _is_file(state: os.stat_result) -> bool:
    return stat.S_ISREG(state.st_mode)


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file, or why it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return str(error.strerror)


def walk(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield every entry below ``folder`` that can be seen, never through a link.

    It goes as deep as paths reach, which is as deep as nbgrader copies.
    """
    waiting = [folder]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    state = entry.stat(follow_symlinks=False)
                    waiting += [Path(entry)] if stat.S_ISDIR(state.st_mode) else []
                    yield Path(entry), state


def _find_folder(course: Course) -> Path:
    return course.place("submitted", "*").parent.parent


def _is_time(path: Path) -> bool:
    """Whether a file holds a time that nbgrader reads correctly."""
    with suppress(OSError, ValueError, OverflowError), open_regular(path) as file:
        text = file.read(MAX_STAMP + 1).decode("utf-8").strip()
        meant = parse_moment(text).replace(tzinfo=None)
        return len(text) <= MAX_STAMP and parse_utc(text) == meant
    return False
