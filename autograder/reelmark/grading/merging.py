"""Merging: the marks of one class, from the folders of several runs.

Several machines each mark a part of a class, into folders of their own or into one
that they share. Merging gives the whole class: nobody twice, nobody with two different
marks, and everybody marked by the same checks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import write_whole
from reelmark.grading.folder import prepare_folder
from reelmark.grading.looks import FOLDER as PICTURES
from reelmark.grading.sources import FOLDER as SOURCES
from reelmark.grading.sources import keep_sources
from reelmark.intake.submissions import MARKS, ROSTER
from reelmark.results import Result, find_results, read_result, without_seconds
from reelmark.rulings.adjustments import NAME as ADJUSTMENTS
from reelmark.rulings.decisions import NAME as DECISIONS

TABLES = (DECISIONS, ADJUSTMENTS, ROSTER)
"""Files that the folders of one class have in common."""

MOST_SHOWN = 5


@dataclass(frozen=True)
class Part:
    """One student's result in one of the folders."""

    folder: Path
    stem: str
    result: Result


class Merger:
    """The contents of several folders, if they can belong to one class.

    Args:
        folders: The folders that `grade` wrote to.

    Raises:
        UsageError: One of them is not such a folder, a result cannot be read, or two
            results contradict each other; the message says which.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        parts = [part for folder in folders for part in _read_parts(folder)]
        if not parts:
            raise UsageError(f"There are no results in {_list(folders)}.")
        self._parts = _choose(parts)
        _expect_one_kit(list(self._parts.values()))
        self._tables = {name: found for name in TABLES if (found := self._find(name))}

    @property
    def results(self) -> list[Result]:
        """The results, by student."""
        return [self._parts[stem].result for stem in sorted(self._parts)]

    def write(self, out: Path) -> None:
        """Bring everything into one folder, except pages and grades.

        Args:
            out: The folder; it may be one of those being merged.
        """
        prepare_folder(out)
        for name, path in self._tables.items():
            _copy(path, out / name)
        for stem, part in self._parts.items():
            _copy_part(part, stem, out)

    def _find(self, name: str) -> Path | None:
        """Return a table that is identical in all folders that have it.

        Raises:
            UsageError: It is not.
        """
        paths = [folder / name for folder in self._folders]
        there = [path for path in paths if path.is_file()]
        if len({path.read_bytes() for path in there}) > 1:
            raise UsageError(
                f"{_list(there)} differ, and there can be one {name} for a class. Make "
                "them equal, or remove those that do not count; nothing was written."
            )
        return there[0] if there else None

    def expect_room(self, out: Path) -> None:
        """Expect a folder to have room for the merged class.

        Raises:
            UsageError: It holds results of others, or something else.
        """
        if any(out.resolve() == folder.resolve() for folder in self._folders):
            return
        if out.is_dir() and any(out.iterdir()) and not (out / MARKS).exists():
            raise UsageError(
                f"{out} holds something else than results. Name another folder: --out."
            )
        others = {path.stem for path in find_results(out)} - self._parts.keys()
        if others:
            raise UsageError(
                f"{out} holds results of {len(others)} others, such as "
                f"{min(others)}. Name a new folder, or list {out} among those that "
                "are merged."
            )


def _read_parts(folder: Path) -> list[Part]:
    if not (folder / MARKS).exists():
        raise UsageError(
            f"{folder} is no folder of results: expected what `reelmark grade` wrote "
            "to with --out."
        )
    try:
        return [
            Part(folder, path.stem, read_result(path)) for path in find_results(folder)
        ]
    except ValueError as error:
        raise UsageError(
            f"{error} Mark again, or remove that file; nothing was written."
        ) from error


def _choose(parts: Sequence[Part]) -> dict[str, Part]:
    """Return one of each student's results, which must all be the same.

    Raises:
        UsageError: They are not.
    """
    chosen: dict[str, Part] = {}
    for part in parts:
        first = chosen.setdefault(part.stem, part)
        if without_seconds(first.result) != without_seconds(part.result):
            raise UsageError(
                f"{part.result.student} has {_tell(first)}, but {_tell(part)}. "
                f"{_explain(first.result, part.result)} Remove the result that does "
                "not count; nothing was written."
            )
    return chosen


def _explain(one: Result, other: Result) -> str:
    if one.fingerprint != other.fingerprint:
        return "Not the same work was marked, or not in the same way."
    if _kit_of(one) != _kit_of(other):
        return "They were marked by different checks."
    return "The same work had other marks from the same checks."


def _tell(part: Part) -> str:
    marks = f"{part.result.total:g} of {part.result.max:g}"
    return f"{marks} in {part.folder / 'results' / part.stem}.json"


def _expect_one_kit(parts: Sequence[Part]) -> None:
    """Expect each task to have been marked by one version of its checks.

    Raises:
        UsageError: It was not.
    """
    used: dict[str, dict[str, set[Path]]] = defaultdict(lambda: defaultdict(set))
    for part in parts:
        for task, fingerprint in _kit_of(part.result).items():
            if fingerprint:  # otherwise it could not be marked at all
                used[task][fingerprint].add(part.folder)
    mixed = [task for task, found in used.items() if len(found) > 1]
    if mixed:
        raise UsageError(
            f"Marked by different checks: {', '.join(mixed[:MOST_SHOWN])}"
            f"{', ...' if len(mixed) > MOST_SHOWN else ''} "
            f"({_list(sorted({f for fs in used[mixed[0]].values() for f in fs}))}). "
            "Type the same `grade` commands again with one kit: only what changed is "
            "marked again. Nothing was written."
        )


def _kit_of(result: Result) -> Mapping[str, str]:
    return {task.id: task.fingerprint for task in result.tasks}


def _copy_part(part: Part, stem: str, out: Path) -> None:
    sources, pictures = Path(SOURCES, stem), Path(PICTURES, f"{stem}.json")
    if part.folder.resolve() == out.resolve():
        return
    if (part.folder / sources).is_dir():
        keep_sources(part.folder / sources, out / sources)
    # The result comes last: if it is there, so is the rest.
    for path in (pictures, Path("results", f"{stem}.json")):
        if (part.folder / path).is_file():
            _copy(part.folder / path, out / path)


def _copy(path: Path, target: Path) -> None:
    if path.resolve() != target.resolve():
        write_whole(target, path.read_bytes())


def _list(paths: Sequence[Path]) -> str:
    return " and ".join(map(str, paths))
