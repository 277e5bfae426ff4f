"""The folder that results go to: made, told from submissions, and tidied."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import write_whole
from reelmark.intake.submissions import MARKS
from reelmark.results import read_result

WITHDRAWN = "withdrawn"
PARTS = {"results": ".json", "feedback": ".html"}
"""The folders that hold a file a student, and how these files end."""

_SIGN = "Results of `reelmark grade`: no submission, wherever this folder lies.\n"


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
    """Expect results not to go where they would be taken for submissions.

    Right among the submissions is a place that is told from them; deeper is not.

    Raises:
        UsageError: They would.
    """
    place, folder = out.resolve(), submissions.resolve()
    if place == folder or folder in place.parent.parents:
        raise UsageError(
            f"{out} lies inside of what is marked, so results would be taken for "
            f"submissions. Name another folder, such as --out {folder.parent / 'marks'}"
        )
    if place.is_dir() and place.parent == folder and _is_foreign(place):
        raise UsageError(
            f"{out} lies among the submissions and holds something else than results, "
            "so it may be somebody's work. Name another folder with --out."
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


def _is_foreign(place: Path) -> bool:
    """Whether a folder holds something, and does not say that it is results."""
    return not (place / MARKS).exists() and any(place.iterdir())
