"""Remarks: what an instructor should know of a submission, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from reelmark.text import show_controls

MAX_REMARKS = 20
_SHOWN = 100

_ENGINE = "reelmark"
_NAMED = re.compile(rf"""['"]_?{_ENGINE}[\w.]*['"]""")
"""A module of the engine's, or of what it loads beside a submission, as a text."""


def find_uses_of_engine(folder: Path) -> tuple[str, ...]:
    """Return the lines of a submission that use modules of the engine's.

    No task asks for it: whoever does it may want to answer as the checker does, and
    not as the task asks. Whether it is so, a person must read. Where nothing is found,
    nothing is proved: such a use can be hidden.

    Files are not parsed: parsers have no bounds that would hold for strangers' texts.

    Args:
        folder: The submission's sources.
    """
    found: list[str] = []
    for path in sorted(filter(Path.is_file, folder.rglob("*.py"))):
        name = show_controls(path.relative_to(folder).as_posix())
        for number, line in _list_uses(path.read_text("utf-8", "replace")):
            if len(found) == MAX_REMARKS:
                return (*found, "and more")
            found.append(
                f"{name}, line {number}: {show_controls(line[:_SHOWN].rstrip())}"
            )
    return tuple(found)


def _list_uses(text: str) -> Iterator[tuple[int, str]]:
    if _ENGINE not in text:
        return
    for number, line in enumerate(text.split("\n"), start=1):
        code = line.lstrip()
        if _ENGINE not in code or code.startswith("#"):
            continue
        if "import" in code or _NAMED.search(code):
            yield number, code
