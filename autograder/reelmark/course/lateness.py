"""Lateness: what late work costs, and who may hand in later than the others.

The penalty is a share of all marks for every day begun. nbgrader asks for it
while it autogrades, before the report is marked, and cuts it to the marks there
are by then; so it is set again whenever feedback or marks are written.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.utils import parse_utc
from traitlets import Float

from reelmark.course.folder import EXTENSIONS, Course
from reelmark.course.gradebook import open_gradebook
from reelmark.errors import UsageError

DAY = 86_400


class LatePenalty(LateSubmissionPlugin):  # type: ignore[misc]
    """Percent of all marks for every day begun after a student's own due date."""

    percent_a_day = Float(5.0, min=0, help="Percent of all marks a day.").tag(
        config=True
    )
    grace_minutes = Float(10.0, min=0, help="Minutes that cost nothing.").tag(
        config=True
    )

    def late_submission_penalty(
        self, student_id: str, score: float, _late: float
    ) -> float:
        """Return the penalty of a submission that nbgrader finds late."""
        nbgrader = self.parent
        submission = nbgrader.gradebook.find_submission(
            nbgrader.assignment_id, student_id
        )
        return self.charge(submission, read_extensions(Course(self.config)), score)

    def charge(
        self, submission: Any, extensions: Mapping[str, datetime], score: float
    ) -> float:
        """Return what a submission loses; never more than it has."""
        days = self.count_days(submission, extensions)
        share = days * self.percent_a_day / 100
        return float(min(share * submission.max_score, max(score, 0.0)))

    def count_days(self, submission: Any, extensions: Mapping[str, datetime]) -> int:
        """Return how many days late a submission is, a day begun being one."""
        due = find_due(submission, extensions)
        if due is None or submission.timestamp is None:
            return 0
        seconds = (submission.timestamp - due).total_seconds()
        return 0 if seconds <= 60 * self.grace_minutes else math.ceil(seconds / DAY)


def find_due(submission: Any, extensions: Mapping[str, datetime]) -> datetime | None:
    """Return when a submission was due; an extension never shortens the time."""
    due: datetime | None = submission.assignment.duedate
    own = extensions.get(submission.student.id)
    return max(due, own) if due and own else due


def read_extensions(course: Course) -> dict[str, datetime]:
    """Read the students' own due dates, in UTC, from ``extensions.csv``.

    Raises:
        UsageError: A line of it cannot be understood; the message says which.
    """
    path = course.root / EXTENSIONS
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return dict(_read_row(row, number, path) for number, row in enumerate(rows, 2))


def set_penalties(course: Course) -> None:
    """Set everybody's penalty anew: marks given by hand count, and new extensions."""
    policy = LatePenalty(config=course.config)
    extensions = read_extensions(course)
    with open_gradebook(course) as gradebook:
        for submission in gradebook.assignment_submissions(course.assignment):
            for notebook in submission.notebooks:
                penalty = policy.charge(submission, extensions, notebook.score)
                notebook.late_submission_penalty = penalty or None
        gradebook.db.commit()


def _read_row(
    row: Mapping[str, str | None], number: int, path: Path
) -> tuple[str, datetime]:
    try:
        student, due = row["student"], parse_utc((row["due"] or "").strip())
        if not student or due is None:
            raise ValueError("a name and a date are needed")
    except (KeyError, ValueError, OverflowError) as error:
        raise UsageError(
            f"{path}, line {number}, cannot be understood ({error}). Expected the "
            'columns "student,due", and lines such as: ada,2026-03-13 17:00 UTC'
        ) from error
    return student.strip(), due
