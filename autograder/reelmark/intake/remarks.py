"""Remarks: what only an instructor should know about a submission."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from reelmark.text import show_controls

MAX_REMARKS = 20
_SHOWN = 100

_ENGINE = "reelmark"
_NAMED = re.compile(rf"""['"]_?{_ENGINE}[\w.]*['"]""")
"""A string with the name of the engine, or of a module that it loads in a worker."""


def find_uses_of_engine(folder: Path) -> tuple[str, ...]:
    """Return the lines of a submission that use the engine's modules.

    No task asks for that: such code may try to give the checker's answer instead of
    doing the task. A person must read it to decide. Finding nothing proves nothing:
    such a use can be hidden.

    Files are not parsed, because parsers are not bounded for strangers' texts.

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
