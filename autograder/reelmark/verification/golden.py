"""Golden messages: what the author of each mistake is told, as somebody has read it.

A message is part of the kit like code: it changes only on purpose, and is read when it
does. All messages of a task are in one file, ``messages.txt`` in the folder of its
mistakes, to be read side by side. ``reelmark verify --update`` writes them; whoever
runs it reads the differences.
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
"""The file of a task's messages, in the folder of its mistakes."""

SAME = 1e-3
"""Relative difference below which numbers are equal: machines round differently."""

_CHECK = re.compile(r"^\[(.+)\]$", re.MULTILINE)
_HEADING = re.compile(r"^=== (.+) ===$", re.MULTILINE)
# Where lines are, and how much is left out, depends on paths and on other tasks.
_PLACE = re.compile(r"(?<=\.py, line )\d+|(?<=\()[\d,]+(?= characters)")
# Matches a number from its first digit only, because numbers may be long.
_NUMBER = re.compile(r"-?(?<!\d)\d++(?:\.\d++(?:e[-+]?\d++)?|e[-+]?\d++)")


def collect(checks: Sequence[CheckResult]) -> str:
    """Return what a task's checks say, one after another, without repetitions."""
    told = [check for check in checks if _is_telling(check)]
    return "\n\n".join(f"[{check.id}]\n{check.message}" for check in told)


def list_checks(told: str) -> list[str]:
    """Return the ids of the checks that say something in what `collect` returned."""
    return _CHECK.findall(told)


def _is_telling(check: CheckResult) -> bool:
    """Return whether a check says something that no other check has said."""
    return check.status not in (Status.PASSED, Status.NOT_CHECKED)


def read(folder: Path) -> dict[str, str]:
    """Read the messages that are kept for a task.

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
    """Return whether the author of a mistake is told what is kept for it."""
    kept = read(mistake.path.parent).get(mistake.path.stem)
    return kept is not None and agree(kept, told)


def update(told: Mapping[Mistake, str]) -> list[Mistake]:
    """Keep what the authors of all mistakes are told; return the changed ones.

    A message that agrees with the kept one stays as it was. Messages of mistakes that
    are gone are removed.
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

    The last digits of numbers are not compared, and neither are line numbers (a
    mistake comes after the reference, and moves down with every task that is added)
    or counts of characters left out (which may hold the kit's own path).
    """
    one, other = _PLACE.sub("#", one), _PLACE.sub("#", other)
    numbers = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=False)
    return _NUMBER.sub("#", one) == _NUMBER.sub("#", other) and all(
        math.isclose(float(a), float(b), rel_tol=SAME, abs_tol=1e-6) for a, b in numbers
    )
