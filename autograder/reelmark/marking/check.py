"""A check: one test of a suite, as its marker and its docstring declare it.

A check is a test with the marker ``check``::

    @pytest.mark.check("1a-i", marks=0.5, after="test_returns_an_image")
    def test_white_stays_white(submission):
        \"\"\"White stays white: a pixel of 255 becomes 1.0.\"\"\"

The docstring's first line is the title that the student sees. ``after`` names checks
of the same task (one or several) that must pass first; otherwise this one is "not
checked".
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from reelmark.manifest import Coursework, Task
from reelmark.results import CheckResult, Status


@dataclass(frozen=True)
class Check:
    """One test of a suite, as its marker and its docstring declare it."""

    id: str
    task: Task
    title: str
    marks: float
    after: tuple[str, ...]
    hidden: bool

    @property
    def name(self) -> str:
        """The name of the test function, without parameters."""
        return self.id.partition("::")[2].partition("[")[0]


def find_marker(item: pytest.Item) -> pytest.Mark | None:
    """Return the marker that makes a test a check, if it has one."""
    return item.get_closest_marker("check")


def conclude(
    check: Check,
    status: Status,
    message: str,
    started: float,
    *,
    fault: str = "",
    detail: str = "",
) -> CheckResult:
    """Return the result of a check that began at ``started`` (monotonic seconds)."""
    # A fault of the kit never costs marks.
    earned = status in (Status.PASSED, Status.KIT_FAULT)
    return CheckResult(
        id=check.id,
        title=check.title,
        hidden=check.hidden,
        status=status,
        marks=check.marks if earned else 0.0,
        max=check.marks,
        message=message,
        seconds=round(time.monotonic() - started, 3),
        fault=fault,
        detail=detail,
    )


def read_check(item: pytest.Item, coursework: Coursework) -> Check:
    """Read the check that a test declares.

    Raises:
        LookupError, TypeError, ValueError, UsageError: Its marker is malformed.
    """
    marker = find_marker(item)
    assert marker is not None, item.nodeid
    if "submission" not in getattr(item, "fixturenames", ()):
        raise LookupError("a check takes the fixture submission")
    after = marker.kwargs.get("after", ())
    title = (getattr(item, "obj", item).__doc__ or item.name).strip().splitlines()[0]
    hidden = item.path.is_relative_to(coursework.hidden_suite)
    suite = "hidden" if hidden else "public"
    return Check(
        id=f"{suite}/{item.path.stem.removeprefix('test_')}::{item.name}",
        task=coursework.task(marker.args[0]),
        title=title,
        marks=float(marker.kwargs["marks"]),
        after=(after,) if isinstance(after, str) else tuple(after),
        hidden=hidden,
    )
