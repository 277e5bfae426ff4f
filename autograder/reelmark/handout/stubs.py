"""Stubs: what students start from, cut from the reference solution.

Everything outside the regions that students write themselves, docstrings above all,
is written only once and shared by stub and solution.
"""

from __future__ import annotations

from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import read_text
from reelmark.handout.regions import cut_regions
from reelmark.manifest import Coursework


def cut_stub(source: str, name: str = "<source>") -> str:
    """Cut the stub from a solution's source.

    A solution region inside a function becomes ``raise NotImplementedError``; one
    at module level (helpers, imports) is removed along with the blank lines around it.

    Args:
        source: Source of the solution module.
        name: Name of its file, for the message if a marker is out of place.

    Raises:
        UsageError: A region begins inside another, ends without having begun, or
            never ends; the message names the file and the line.
    """
    stub: list[str] = []
    gap = 0  # blank lines above a removed region, not yet written
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


def _drop_blanks(lines: list[str]) -> int:
    """Drop the blank lines at the end, and return how many there were."""
    total = len(lines)
    while lines and not lines[-1].strip():
        lines.pop()
    return total - len(lines)


def make_texts(coursework: Coursework) -> dict[Path, str]:
    """Return what each stub should contain, by its path.

    Raises:
        UsageError: The solutions are missing, or their markers are out of place.
    """
    stubs = {}
    for module in coursework.modules:
        solution = coursework.solutions / f"{module}.py"
        if not solution.is_file():
            raise UsageError(
                f"{solution} is missing. Stubs are cut from the reference solution, "
                f"which only the instructors' copy of a coursework holds."
            )
        source = read_text(solution)
        stubs[coursework.stubs / solution.name] = cut_stub(source, str(solution))
    return stubs
