"""Stubs: what students start from, cut out of the reference solution.

The reference marks what a student is to write with the two comments that nbgrader
uses, ``### BEGIN SOLUTION`` and ``### END SOLUTION``. Everything else, docstrings
above all, is shared by stub and solution because it is written only once. In the text
of a notebook the same words stand in comments of HTML, which nobody sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.handout.regions import cut_regions
from reelmark.manifest import Coursework


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


def find_stale(texts: Mapping[Path, str]) -> list[Path]:
    """Return the files that do not hold the text they should hold."""
    return [path for path, text in texts.items() if _read(path) != text]


def write_stale(texts: Mapping[Path, str]) -> list[Path]:
    """Write the files that do not hold the text they should hold; return those."""
    stale = find_stale(texts)
    for path in stale:
        path.write_text(texts[path], encoding="utf-8", newline="\n")
    return stale


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
