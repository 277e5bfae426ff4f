"""The folder that results go to: made, kept apart from submissions, and tidied."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import write_whole
from reelmark.intake.submissions import MARKS, find_nesting
from reelmark.results import read_result

WITHDRAWN = "withdrawn"
PARTS = {"results": ".json", "feedback": ".html"}
"""The folders that hold a file a student, and how these files end."""

_SIGN = "Results of `reelmark grade`: there are no submissions in this folder.\n"


def prepare_folder(out: Path) -> None:
    """Make the folder, and mark it as one that holds results.

    Raises:
        OSError: It cannot be written to.
    """
    for part in PARTS:
        (out / part).mkdir(parents=True, exist_ok=True)
    if not (out / MARKS).exists():
        write_whole(out / MARKS, _SIGN)


def expect_apart(submissions: Path, out: Path) -> None:
    """Expect neither results among submissions, nor submissions among results.

    Raises:
        UsageError: One of the folders lies in the other.
    """
    if nesting := find_nesting(submissions, out):
        given = submissions.resolve()
        beside = given.parent / f"{given.stem or 'class'}-marks"
        raise UsageError(
            f"{nesting} Name a folder for results alone, such as --out {beside}"
        )


def set_aside(out: Path, stems: Collection[str]) -> list[str]:
    """Move what is kept of students who are gone out of what is handed back.

    Args:
        out: The folder of results.
        stems: What the files of the students are called who are there.

    Returns:
        The names of those who are gone.
    """
    gone = {}
    for stem in sorted({path.stem for path in _find_files(out)} - set(stems)):
        gone[stem] = _name_student(out, stem)
        _move(stem, out, out / WITHDRAWN)
    return list(gone.values())


def take_back(out: Path, stems: Collection[str]) -> None:
    """Move back what was set aside of students who are there again."""
    for stem in {path.stem for path in _find_files(out / WITHDRAWN)} & set(stems):
        _move(stem, out / WITHDRAWN, out)


def _find_files(folder: Path) -> Iterator[Path]:
    for part, suffix in PARTS.items():
        yield from (folder / part).glob(f"*{suffix}")


def _move(stem: str, here: Path, there: Path) -> None:
    for part, suffix in PARTS.items():
        source = here / part / f"{stem}{suffix}"
        if source.exists():
            target = there / part / source.name
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)


def _name_student(out: Path, stem: str) -> str:
    with suppress(OSError, ValueError):
        return read_result(out / "results" / f"{stem}.json").student
    return stem
