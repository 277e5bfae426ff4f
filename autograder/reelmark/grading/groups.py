"""Groups: for each check, the students who did the same.

Two did the same if their messages agree, apart from numbers, quoted names and places:
what is wrong and why, or, if no cause was proved, what was got. For a hidden check,
what the instructor is told is compared, which the students do not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from reelmark.marking.messages import read_message
from reelmark.results import CheckResult, Status

TRIED = (Status.TIMED_OUT, Status.OUT_OF_MEMORY, Status.CRASHED, Status.FAILED)
"""States of a check that was tried and missed."""

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_PLACE = re.compile(r"\S+\.py, line \d+|\bline \d+")
_NUMBER = re.compile(r"[-+]?\d[\d.,]*(?:e[-+]?\d+)?%?")


@dataclass
class Group:
    """Students who did the same in one check.

    Attributes:
        title: What they did: the proved cause, else what is wrong.
        example: The result of the first of them.
        students: Who they are, in the order in which they were added.
    """

    title: str
    example: CheckResult
    students: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        """What was found for the first of them, as an instructor reads it."""
        return self.example.detail or self.example.message


def group_students(missed: Iterable[tuple[str, CheckResult]]) -> list[Group]:
    """Return the groups for one check, the largest first.

    Args:
        missed: Students, and their results in that check; those who did not try it,
            or passed, are in no group.
    """
    groups: dict[tuple[str, ...], Group] = {}
    for student, check in missed:
        if check.status in TRIED:
            key = sign_message(check)
            if key not in groups:
                title = describe_finding(check.detail or check.message)
                groups[key] = Group(title, check)
            groups[key].students.append(student)
    return sorted(groups.values(), key=lambda group: -len(group.students))


def sign_message(check: CheckResult) -> tuple[str, ...]:
    """Return what is equal for all who did the same in a check."""
    told = read_message(check.detail or check.message)
    return check.status, _generalise(told.summary), _generalise(told.why or told.got)


def describe_finding(message: str) -> str:
    """Return what a message says was found: the cause, if it was proved."""
    told = read_message(message)
    if told.why or told.summary.startswith("raised "):
        return told.why or told.got
    text = f"{told.summary} Got {told.got}" if told.got else told.summary
    is_file = text.partition(" ")[0].endswith(".py")
    return text if is_file else text[:1].upper() + text[1:]


def _generalise(text: str) -> str:
    r"""Return a text without the parts that differ between two who did the same.

    Examples:
        >>> _generalise("cnn.py, line 23: KeyError: 'val_loss', 0.25 of 1e-3")
        '…: KeyError: …, # of #'
    """
    return _NUMBER.sub("#", _PLACE.sub("…", _QUOTED.sub("…", text)))
