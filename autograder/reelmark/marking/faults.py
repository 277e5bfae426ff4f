"""Faults: checks that end in a way their author did not foresee, and whose it is.

Such a check may have broken by itself, or on what a worker answered. Whoever finds
out how to break one must gain nothing, and whoever meets one by chance must lose
nothing: its marks are open until an instructor decides. Only what the reference
meets too, in the same run, is the kit's own fault, which costs no marks.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from reelmark.errors import NeedsALook
from reelmark.marking.messages import status_of
from reelmark.results import Result, Status

EVERYTHING = "every check"
"""What meets a fault that is not met in a single check."""

MAX_DETAIL = 4_000
MAX_FRAMES = 6
MAX_LINE = 500


def name_fault(check_id: str, kind: str) -> str:
    """Return the name of a fault, the same for everybody who meets it.

    Examples:
        >>> name_fault("public/cnn::test_returns_a_model", "KeyError")
        'public/cnn::test_returns_a_model: KeyError'
    """
    return f"{check_id}: {kind}"


def split_fault(fault: str) -> tuple[str, str]:
    """Return the id of the check and the kind of end that `name_fault` put together."""
    check_id, _, kind = fault.rpartition(": ")
    return check_id, kind


def is_fault(error: BaseException) -> bool:
    """Return whether no author of a check foresees such an end."""
    return status_of(error) is Status.KIT_FAULT


def withhold(error: BaseException, root: Path) -> NeedsALook:
    """Return the error of a check whose marks are open because of ``error``.

    Args:
        error: What ended the check.
        root: The coursework's folder, whose lines an instructor can look into.
    """
    return NeedsALook(type(error).__name__, describe(error, root))


def describe(error: BaseException, root: Path) -> str:
    """Tell an instructor what ended a check, and where in the coursework."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(root)]
    lines = [
        f"{Path(frame.filename).relative_to(root)}, line {frame.lineno}: {frame.line}"
        for frame in own[-MAX_FRAMES:]
    ]
    text = f"{type(error).__name__}: {_text_of(error)}"
    return "\n".join((*lines, text))[:MAX_DETAIL]


def find_roots(result: Result) -> dict[str, str]:
    """Return the checks that met a fault themselves, and the task of each."""
    roots = {}
    for task in result.tasks:
        for check in task.checks:
            if check.status is Status.KIT_FAULT:
                roots[check.id] = task.id
            elif check.fault:
                roots[split_fault(check.fault)[0]] = task.id
    return roots


def _text_of(error: BaseException) -> str:
    """Return the beginning of an exception's text, whatever it is made of."""
    try:
        return str(error)[:MAX_LINE]
    except Exception as unspeakable:
        return f"(its text could not be read: {type(unspeakable).__name__})"
