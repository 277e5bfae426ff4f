"""The folder of results: made, kept apart from submissions, and tidied."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import remove_tree, write_whole
from reelmark.grading.looks import FOLDER as PICTURES
from reelmark.grading.sources import FOLDER as SOURCES
from reelmark.intake.submissions import MARKS, find_nesting
from reelmark.manifest import Task
from reelmark.results import Result, find_results, read_result
from reelmark.rulings.adjustments import NAME as ADJUSTMENTS
from reelmark.rulings.rulings import Rulings, read_rulings

WITHDRAWN = "withdrawn"
PARTS = {"results": ".json", "feedback": ".html", SOURCES: "", PICTURES: ".json"}
"""The folders with a file for each student, and the suffix of its name."""

_SIGN = "Results of `reelmark grade`: there are no submissions in this folder.\n"


def prepare_folder(out: Path) -> None:
    """Make the folder, and mark it as a folder of results.

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
    """Move the files of students who are gone out of what is handed back.

    Args:
        out: The folder of results.
        stems: The file names of the students who are there.

    Returns:
        The names of those who are gone.
    """
    gone = {}
    for stem in sorted(_find_stems(out) - set(stems)):
        gone[stem] = _name_student(out, stem)
        _move(stem, out, out / WITHDRAWN)
    return list(gone.values())


def take_back(out: Path, stems: Collection[str]) -> None:
    """Move back what was set aside for students who are there again."""
    for stem in _find_stems(out / WITHDRAWN) & set(stems):
        _move(stem, out / WITHDRAWN, out)


def list_kept(out: Path) -> list[str]:
    """Return the names of everybody with a result, including those who are gone."""
    places = (out, out / WITHDRAWN)
    return [
        _name_student(place, stem) for place in places for stem in _find_stems(place)
    ]


def read_kept(out: Path) -> Iterator[Result]:
    """Yield the results of those who are there."""
    for path in find_results(out):
        with suppress(OSError, ValueError):
            yield read_result(path)


def read_own_rulings(
    out: Path, students: Iterable[str] = (), tasks: Iterable[Task] = ()
) -> Rulings:
    """Return the rulings on those who have a result.

    Args:
        out: The folder of results.
        students: Who else is there.
        tasks: The tasks of the coursework, if known.

    Raises:
        UsageError: Something in them makes no sense.
    """
    known = {*students, *list_kept(out)} if (out / ADJUSTMENTS).exists() else ()
    return read_rulings(out, known, read_kept(out), tasks)


def _find_stems(folder: Path) -> set[str]:
    """Return the names of the students' files in a folder."""
    return {
        path.name.removesuffix(suffix)
        for part, suffix in PARTS.items()
        for path in (folder / part).glob(f"[!.]*{suffix}")
    }


def _move(stem: str, here: Path, there: Path) -> None:
    for part, suffix in PARTS.items():
        source = here / part / f"{stem}{suffix}"
        if source.exists():
            target = there / part / source.name
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir():
                remove_tree(target)
            source.replace(target)


def _name_student(out: Path, stem: str) -> str:
    with suppress(OSError, ValueError):
        return read_result(out / "results" / f"{stem}.json").student
    return stem
