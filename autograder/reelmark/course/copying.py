"""Copying: a submission out of the exchange, where its author can still change it."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from reelmark.course.submissions import STAMP
from reelmark.errors import RefusedSubmission
from reelmark.intake.descent import Descent, Seen
from reelmark.intake.kinds import MAX_ENTRIES, MEGABYTE, Kind, Parts, is_too_long
from reelmark.manifest import KIT

SMALL = ("*.py", "*.ipynb", "*.txt")
"""What is taken from a submission that is too large as a whole."""

Entry = tuple[Parts, os.stat_result]


class Copying:
    """Copies one submission: only files, within nbgrader's limits, following no link.

    Args:
        descent: The way down into it.
        limits: Nbgrader's ``CourseDirectory``.
        evidence: A kind of file with limits of its own.
        tell: Called with a sentence for whoever collects.
    """

    def __init__(
        self,
        descent: Descent,
        limits: Any,
        evidence: Kind,
        tell: Callable[[str], object],
    ) -> None:
        self._descent = descent
        self._limits = limits
        self._evidence = evidence
        self._tell = tell

    def copy(self, into: Path) -> None:
        """Copy it to a new folder.

        Raises:
            RefusedSubmission: It has too many entries to look through.
            OSError: It cannot be read, or the copy cannot be written.
        """
        entries = list(self._walk())
        sizes = {parts: state.st_size for parts, state in entries if _is_file(state)}
        size = sum(sizes.values())
        is_large = size > 1000 * self._limits.max_dir_size
        if is_large:
            held = f"{size // MEGABYTE} MB"
            self._tell(f"it holds {held}: only code, notebooks and evidence are taken")
        small = self._find_small_evidence(sizes) if is_large else set()
        into.mkdir(parents=True)
        for parts, state in entries:
            wanted = SMALL if is_large and parts[:-1] not in small else None
            if self._is_taken(parts, state, wanted):
                self._copy(parts, state, into.joinpath(*parts))

    def _walk(self) -> Iterator[Entry]:
        """Yield what can be copied, a folder before its contents; report the rest."""
        waiting: list[Parts] = [()]
        left = MAX_ENTRIES
        while waiting:
            place = waiting.pop()
            for name, state in self._list(place, left + 1):
                if (left := left - 1) < 0:
                    raise RefusedSubmission(f"it holds more than {MAX_ENTRIES:,} files")
                parts = (*place, name)
                if words := _find_obstacle(parts, state):
                    self._leave(parts, words)
                elif isinstance(state, os.stat_result):
                    waiting += [parts] if stat.S_ISDIR(state.st_mode) else []
                    yield parts, state

    def _list(self, place: Parts, most: int) -> list[Seen]:
        try:
            return self._descent.list(place, most)
        except OSError as error:
            if not place:
                raise
            self._leave(place, _unreadable(error))
            return []

    def _find_small_evidence(self, sizes: Mapping[Parts, int]) -> set[Parts]:
        """Return the folders of evidence whose files are within its own limit."""
        totals: Counter[Parts] = Counter()
        for parts, size in sizes.items():
            if parts[-2:-1] == (self._evidence.folder,):
                totals[parts[:-1]] += size
        most = self._evidence.max_total_size
        return {place for place in totals if totals[place] <= most}

    def _is_taken(
        self, parts: Parts, state: os.stat_result, wanted: tuple[str, ...] | None
    ) -> bool:
        ignored = self._limits.ignore
        if any(fnmatch(part, pattern) for part in parts for pattern in ignored):
            return False
        if parts[:1] == (KIT,):
            return False  # what was handed out with the notebook
        if parts == (STAMP,):
            return False  # students must not set the time
        patterns = self._limits.include if wanted is None else wanted
        is_named = any(fnmatch(parts[-1], pattern) for pattern in patterns)
        return is_named or stat.S_ISDIR(state.st_mode)

    def _copy(self, parts: Parts, state: os.stat_result, to: Path) -> None:
        """Copy one entry, unless it cannot be read or is larger than allowed."""
        if stat.S_ISDIR(state.st_mode):
            to.mkdir()
            return
        left = 1000 * self._limits.max_file_size
        try:
            source = self._descent.open(parts)
        except OSError as error:
            self._leave(parts, _unreadable(error))
            return
        with source, to.open("xb") as target:
            while (chunk := source.read(MEGABYTE)) and left >= 0:
                left -= len(chunk)
                target.write(chunk)
        if left < 0:
            to.unlink()
            self._leave(parts, "is larger than is allowed")

    def _leave(self, parts: Parts, words: str) -> None:
        self._tell(f"left behind, as it {words}: {'/'.join(parts)}")


def _find_obstacle(parts: Parts, state: os.stat_result | OSError) -> str:
    """Return why an entry is not copied, in words that follow "it"; empty if it is."""
    if isinstance(state, OSError):
        return _unreadable(state)
    if is_too_long(parts):
        return "has too long a name or lies in too many folders"
    return "" if _is_file(state) or stat.S_ISDIR(state.st_mode) else "is no file"


def _unreadable(error: OSError) -> str:
    return f"cannot be read ({error.strerror})"


def _is_file(state: os.stat_result) -> bool:
    return stat.S_ISREG(state.st_mode)
