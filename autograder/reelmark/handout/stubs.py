"""Stubs: what students start from, cut out of the reference solution.

The reference marks what a student is to write with the two comments that nbgrader
uses, ``### BEGIN SOLUTION`` and ``### END SOLUTION``. Everything else, docstrings
above all, is shared by stub and solution because it is written only once. In the text
of a notebook the same words stand in comments of HTML, which nobody sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.manifest import Coursework

# Any spelling counts: a marker that were overlooked would hand out the answer.
_MARKER = re.compile(r"^(\s*)(?:#+|<!-+)\s*(BEGIN|END)\s+SOLUTION\b", re.IGNORECASE)


def cut_stub(source: str, name: str = "<source>") -> str:
    """Cut the stub out of a solution's source.

    A solution region inside a function becomes ``raise NotImplementedError``; one
    at module level (helpers, imports) vanishes with the blank lines around it.

    Args:
        source: Source of the solution module.
        name: Name of its file, for the message if a marker is out of place.

    Raises:
        UsageError: A region begins inside another, ends without having begun, or
            never ends; the message names the file and the line.
    """
    stub: list[str] = []
    gap = 0  # blank lines above a vanished region, still to be settled
    for line, is_region in cut_regions(source, name):
        if is_region and line:
            stub.append(f"{line}raise NotImplementedError")
        elif is_region:
            gap = max(gap, _drop_blanks(stub))
        elif line.strip():
            stub += [""] * max(gap, _drop_blanks(stub)) + [line]
            gap = 0
        else:
            stub.append("")
    _drop_blanks(stub)
    return "\n".join([*stub, ""])


def cut_regions(source: str, name: str) -> Iterator[tuple[str, bool]]:
    """Cut the solution regions out of a text.

    Yields:
        Every line outside of regions with False, and for every region, in its place,
        the indentation of its first line with True.

    Raises:
        UsageError: A marker is out of place; ``name`` is what the message calls the
            text.
    """
    begun = 0  # the line on which the open region began; 0 outside of regions
    for number, line in enumerate(source.splitlines(), start=1):
        if marker := _MARKER.match(line):
            begun = _step(marker[2].upper() == "BEGIN", begun, number, name)
            if begun:
                yield marker[1], True
        elif not begun:
            yield line, False
    if begun:
        raise UsageError(f"{name}:{begun}: this solution region has no end.")


def find_regions(source: str, name: str = "<source>") -> list[range]:
    """Return the lines, from 1, that each solution region takes, markers included.

    Raises:
        UsageError: As for `cut_stub`.
    """
    regions: list[range] = []
    begun = 0
    for number, line in enumerate(source.splitlines(), start=1):
        if marker := _MARKER.match(line):
            last = begun
            begun = _step(marker[2].upper() == "BEGIN", begun, number, name)
            regions += [] if begun else [range(last, number + 1)]
    return regions


def write_stubs(coursework: Coursework) -> list[Path]:
    """Write the stubs that differ from what the solutions give; return those.

    Raises:
        UsageError: There are no solutions here, or their markers are out of place.
    """
    return write_stale(_cut_stubs(coursework))


def drifted_stubs(coursework: Coursework) -> list[Path]:
    """Return the stubs that differ from what the solutions give, and write nothing.

    Raises:
        UsageError: There are no solutions here, or their markers are out of place.
    """
    return find_stale(_cut_stubs(coursework))


def solution_lines(source: str) -> Iterator[str]:
    """Yield the lines of a solution's source that its stub must not hold."""
    is_inside = False
    for line in source.splitlines():
        if marker := _MARKER.match(line):
            is_inside = marker[2].upper() == "BEGIN"
        elif is_inside:
            yield line


def find_stale(texts: Mapping[Path, str]) -> list[Path]:
    """Return the files that do not hold the text they should hold."""
    return [path for path, text in texts.items() if _read(path) != text]


def write_stale(texts: Mapping[Path, str]) -> list[Path]:
    """Write the files that do not hold the text they should hold; return those."""
    stale = find_stale(texts)
    for path in stale:
        path.write_text(texts[path], encoding="utf-8", newline="\n")
    return stale


def _step(begins: bool, begun: int, number: int, name: str) -> int:
    """Return the line on which the region that is now open began, or 0."""
    if begins and begun:
        raise UsageError(
            f"{name}:{number}: a solution region begins inside the one that began "
            f"on line {begun}."
        )
    if not begins and not begun:
        raise UsageError(f"{name}:{number}: this solution region has no beginning.")
    return number if begins else 0


def _drop_blanks(lines: list[str]) -> int:
    """Drop the blank lines at the end, and return how many there were."""
    total = len(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    return total - len(lines)


def _cut_stubs(coursework: Coursework) -> dict[Path, str]:
    stubs = {}
    for module in coursework.modules:
        solution = coursework.solutions / f"{module}.py"
        source = _read(solution)
        if source is None:
            raise UsageError(
                f"{solution} is missing. Stubs are cut from the reference solution, "
                f"which only the instructors' copy of a coursework holds."
            )
        stubs[coursework.stubs / solution.name] = cut_stub(source, str(solution))
    return stubs


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
