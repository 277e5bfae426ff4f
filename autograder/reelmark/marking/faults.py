"""Faults: checks that end in a way their author did not foresee, and whose fault it is.

Such a check may have broken by itself, or because of what a worker answered. A student
who finds out how to break one must gain nothing, and one who meets it by chance must
lose nothing: its marks stay open until an instructor decides. Only a fault that the
reference meets too, in the same run, is the kit's own, which costs no marks.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from reelmark.errors import NeedsALook
from reelmark.marking.messages import status_of
from reelmark.results import Result, Status

EVERYTHING = "every check"
"""Stands for the check in the name of a fault outside any single check."""

MAX_DETAIL = 4_000
MAX_FRAMES = 6
MAX_LINE = 500


def name_fault(check_id: str, kind: str) -> str:
    """Return the name of a fault, which is the same for everybody who meets it.

    Examples:
        >>> name_fault("public/cnn::test_returns_a_model", "KeyError")
        'public/cnn::test_returns_a_model: KeyError'
    """
    return f"{check_id}: {kind}"


def split_fault(fault: str) -> tuple[str, str]:
    """Return the check's id and the kind of end that `name_fault` joined."""
    check_id, _, kind = fault.rpartition(": ")
    return check_id, kind


def is_fault(error: BaseException) -> bool:
    """Return whether a check's author cannot have foreseen such an end."""
    return status_of(error) is Status.KIT_FAULT


def withhold(error: BaseException, root: Path) -> NeedsALook:
    """Return the error of a check whose marks are open because of ``error``.

    Args:
        error: What ended the check.
        root: The coursework's folder, whose files an instructor can look into.
    """
    return NeedsALook(type(error).__name__, describe(error, root))


def describe(error: BaseException, root: Path) -> str:
    """Say, for an instructor, what ended a check and where in the coursework."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(root)]
    lines = [
        f"{Path(frame.filename).relative_to(root)}, line {frame.lineno}: {frame.line}"
        for frame in own[-MAX_FRAMES:]
    ]
    text = f"{type(error).__name__}: {_text_of(error)}"
    return "\n".join((*lines, text))[:MAX_DETAIL]


def find_roots(result: Result) -> dict[str, str]:
    """Return the checks that met a fault themselves, with their tasks."""
    roots = {}
    for task in result.tasks:
        for check in task.checks:
            if check.status is Status.KIT_FAULT:
                roots[check.id] = task.id
            elif check.fault:
                roots[split_fault(check.fault)[0]] = task.id
    return roots


def _text_of(error: BaseException) -> str:
    """Return the start of an exception's text, whatever the exception is."""
    try:
        return str(error)[:MAX_LINE]
    except Exception as unspeakable:
        return f"(its text could not be read: {type(unspeakable).__name__})"
