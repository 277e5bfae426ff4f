"""Golden messages: what the author of each mistake is told, and was read.

A message is part of the kit like code: it changes on purpose, and is read when it
does. All messages of a task are in one file, ``messages.txt`` in the folder of its
mistakes, so that they are read side by side. ``reelmark verify --update`` writes
them; whoever runs it reads the difference.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from reelmark.files import read_text, write_whole
from reelmark.results import CheckResult, Status
from reelmark.verification.cases import Mistake

FILE = "messages.txt"
"""What is kept of a task, in the folder of its mistakes."""

SAME = 1e-3
"""Relative difference below which numbers are one: machines round differently."""

_HEADING = re.compile(r"^=== (.+) ===$", re.MULTILINE)
_LINE = re.compile(r"(?<=\.py, line )\d+")
# Digits are looked at once, from the first of them: a number may be long.
_NUMBER = re.compile(r"-?(?<!\d)\d++(?:\.\d++(?:e[-+]?\d++)?|e[-+]?\d++)")


def collect(checks: Sequence[CheckResult]) -> str:
    """Return what a task's checks tell, one after the other; of those that told."""
    told = [check for check in checks if _is_telling(check)]
    return "\n\n".join(f"[{check.id}]\n{check.message}" for check in told)


def _is_telling(check: CheckResult) -> bool:
    """Return whether a check has something to say that another has not said."""
    return check.status not in (Status.PASSED, Status.NOT_CHECKED)


def read(folder: Path) -> dict[str, str]:
    """Read what is kept of a task.

    Args:
        folder: The folder of the task's mistakes.

    Returns:
        What the author of each mistake is told, by the name of its file.
    """
    path = folder / FILE
    _, *parts = _HEADING.split(read_text(path) if path.is_file() else "")
    sections = zip(parts[::2], parts[1::2], strict=True)
    return {name: text.strip("\n") for name, text in sections}


def is_expected(mistake: Mistake, told: str) -> bool:
    """Return whether the author of a mistake is told what is kept of it."""
    kept = read(mistake.path.parent).get(mistake.path.stem)
    return kept is not None and agree(kept, told)


def update(told: Mapping[Mistake, str]) -> list[Mistake]:
    """Keep what the authors of all mistakes are told; return those it is new for.

    What agrees with what was kept stays as it was. What was kept of a mistake that
    is gone goes as well.
    """
    new = [mistake for mistake, text in told.items() if not is_expected(mistake, text)]
    for folder in sorted({mistake.path.parent for mistake in told}):
        kept = read(folder)
        texts = {
            mistake.path.stem: text if mistake in new else kept[mistake.path.stem]
            for mistake, text in told.items()
            if mistake.path.parent == folder
        }
        if texts != kept:
            write_whole(folder / FILE, _format(texts))
    return new


def _format(texts: Mapping[str, str]) -> str:
    sections = [f"=== {name} ===\n\n{texts[name]}\n" for name in sorted(texts)]
    return "\n".join(sections)


def agree(one: str, other: str) -> bool:
    """Return whether two texts say the same.

    The last digits of numbers are not compared, nor are the numbers of lines: a
    mistake stands behind the reference, and lower with every task that is added.
    """
    one, other = _LINE.sub("#", one), _LINE.sub("#", other)
    numbers = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=False)
    return _NUMBER.sub("#", one) == _NUMBER.sub("#", other) and all(
        math.isclose(float(a), float(b), rel_tol=SAME, abs_tol=1e-6) for a, b in numbers
    )
