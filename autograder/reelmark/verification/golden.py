"""Golden messages: what the author of each mistake is told, kept beside it.

A message is part of the kit like code: it changes on purpose, and is read when it
does. ``reelmark verify --update`` writes them; whoever runs it reads the difference.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from reelmark.files import write_whole
from reelmark.results import CheckResult, Status
from reelmark.verification.cases import Mistake

SAME = 1e-3
"""Relative difference below which numbers are one: machines round differently."""

_NUMBER = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]?\d+")


def collect(checks: Sequence[CheckResult]) -> str:
    """Return what a task's checks tell, one after the other; of those that told."""
    told = [check for check in checks if _is_telling(check)]
    return "\n".join(f"[{check.id}]\n{check.message}\n" for check in told)


def _is_telling(check: CheckResult) -> bool:
    """Return whether a check has something to say that another has not said."""
    return check.status not in (Status.PASSED, Status.NOT_CHECKED)


def is_expected(mistake: Mistake, told: str) -> bool:
    """Return whether the author of a mistake is told what is kept beside it."""
    path = mistake.message
    return path.is_file() and agree(path.read_text("utf-8"), told)


def update(mistake: Mistake, told: str) -> bool:
    """Keep what the author of a mistake is told; return whether that is new."""
    if is_expected(mistake, told):
        return False
    write_whole(mistake.message, told)
    return True


def agree(one: str, other: str) -> bool:
    """Return whether two texts say the same, but for the last digits of numbers."""
    numbers = zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=False)
    return _NUMBER.sub("#", one) == _NUMBER.sub("#", other) and all(
        math.isclose(float(a), float(b), rel_tol=SAME, abs_tol=1e-6) for a, b in numbers
    )
