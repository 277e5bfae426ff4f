"""Regions: the parts of a solution that students write themselves.

The reference marks them with the two comments that nbgrader uses, ``### BEGIN
SOLUTION`` and ``### END SOLUTION``. In a notebook's text, the same words are in HTML
comments, which are not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reelmark.errors import UsageError

# Any spelling counts: overlooking a marker would hand out the answer.
_MARKER = re.compile(r"^(\s*)(?:#+|<!-+)\s*(BEGIN|END)\s+SOLUTION\b", re.IGNORECASE)


def cut_regions(source: str, name: str) -> Iterator[tuple[str, bool]]:
    """Cut the solution regions out of a text.

    Yields:
        Every line outside of regions with False; in place of each region, the
            indentation of its first line with True.

    Raises:
        UsageError: A marker is out of place; the message calls the text ``name``.
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
    """Return the lines, from 1, of each solution region, markers included.

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


def solution_lines(source: str) -> Iterator[str]:
    """Yield the lines of a solution's source that its stub must not contain."""
    is_inside = False
    for line in source.splitlines():
        if marker := _MARKER.match(line):
            is_inside = marker[2].upper() == "BEGIN"
        elif is_inside:
            yield line


def _step(begins: bool, begun: int, number: int, name: str) -> int:
    """Return the first line of the region that is now open, or 0."""
    if begins and begun:
        raise UsageError(
            f"{name}:{number}: a solution region begins inside the one that began "
            f"on line {begun}."
        )
    if not begins and not begun:
        raise UsageError(f"{name}:{number}: this solution region has no beginning.")
    return number if begins else 0
