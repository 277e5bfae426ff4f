"""What is generated: every file that follows from solutions and manifest."""

from __future__ import annotations

from pathlib import Path

from reelmark.handout import brief, report, stubs
from reelmark.manifest import Coursework


def find_drifted(coursework: Coursework) -> list[Path]:
    """Return the generated files that differ from their sources; write nothing.

    Raises:
        UsageError: A source is missing, or its marks are out of place.
    """
    return [
        *stubs.drifted_stubs(coursework),
        *report.drifted_report(coursework),
        *brief.drifted(coursework),
    ]


def write(coursework: Coursework) -> list[Path]:
    """Write the generated files that differ from their sources; return those.

    Raises:
        UsageError: A source is missing, or its marks are out of place.
    """
    return [
        *stubs.write_stubs(coursework),
        *report.write_report(coursework),
        *brief.write_task_table(coursework),
    ]
