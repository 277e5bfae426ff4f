"""Lateness: what late work costs, and who may hand in later than others.

The penalty is a share of all marks for each day or part of a day. nbgrader asks for
it while it autogrades, before the report is marked, and reduces it to the marks so
far; so it is set again whenever feedback or marks are written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from rich.console import Console
from traitlets import Float, TraitError, Unicode, validate

from reelmark.course.extensions import (
    Extensions,
    list_students,
    read_extensions,
    tell_extensions,
)
from reelmark.course.folder import Course
from reelmark.course.gradebook import find_assignment, open_gradebook
from reelmark.errors import UsageError
from reelmark.intake.moments import find_zone, show_moment, tell_past
from reelmark.text import printable

DAY = 86_400


class LatePenalty(LateSubmissionPlugin):  # type: ignore[misc]
    """Percent of all marks, per day or part of a day after a student's own due date."""

    percent_a_day = Float(5.0, help="Percent of all marks a day.").tag(config=True)
    grace_minutes = Float(10.0, help="Minutes that cost nothing.").tag(config=True)
    time_zone = Unicode("UTC", help="In which a date without a time ends.").tag(
        config=True
    )

    @validate("percent_a_day", "grace_minutes")
    def _expect_number(self, proposal: Any) -> float:
        value = float(proposal["value"])
        if not 0 <= value < math.inf:
            name = proposal["trait"].name
            raise TraitError(f"{name} is {value}, and must be 0 or more.")
        return value

    @validate("time_zone")
    def _expect_zone(self, proposal: Any) -> str:
        name = str(proposal["value"])
        try:
            find_zone(name)
        except UsageError as error:
            raise TraitError(str(error)) from error
        return name

    @property
    def zone(self) -> tzinfo:
        """The time zone of dates without a time."""
        return find_zone(self.time_zone)

    def late_submission_penalty(
        self, student_id: str, score: float, _late: float
    ) -> float:
        """Return the penalty of a submission that nbgrader finds late."""
        nbgrader = self.parent
        submission = nbgrader.gradebook.find_submission(
            nbgrader.assignment_id, student_id
        )
        extensions = find_extensions(Course(self.config), nbgrader.gradebook)
        for doubt in extensions.doubts:
            self.log.warning(doubt)
        return self.charge(submission, extensions.due, score)

    def charge(
        self, submission: Any, extensions: Mapping[str, datetime], score: float
    ) -> float:
        """Return what a submission loses; never more than it has."""
        days = self.count_days(submission, extensions)
        share = days * self.percent_a_day / 100
        return float(min(share * submission.max_score, max(score, 0.0)))

    def count_days(self, submission: Any, extensions: Mapping[str, datetime]) -> int:
        """Return how many days late a submission is; part of a day counts as a day."""
        due = find_due(submission, extensions)
        if due is None or submission.timestamp is None:
            return 0
        seconds = (submission.timestamp - due).total_seconds()
        return 0 if seconds <= 60 * self.grace_minutes else math.ceil(seconds / DAY)


def find_due(submission: Any, extensions: Mapping[str, datetime]) -> datetime | None:
    """Return when a submission was due; an extension never shortens the time."""
    due: datetime | None = submission.assignment.duedate
    own = extensions.get(submission.student.id)
    # The gradebook's times are in UTC, and do not say so.
    return max(due, own.replace(tzinfo=None)) if due and own else due


def find_extensions(course: Course, gradebook: Gradebook) -> Extensions:
    """Read the students' own due dates, with the names and time zone of the course.

    Raises:
        UsageError: The file, or the configured time zone, cannot be used.
    """
    students = list_students(course, gradebook)
    return read_extensions(course, students, read_policy(course).zone)


def read_policy(course: Course) -> LatePenalty:
    """Return what lateness costs in a course.

    Raises:
        UsageError: The configuration makes no sense.
    """
    return make_policy(config=course.config)


def make_policy(**settings: Any) -> LatePenalty:
    """Return what lateness costs, given settings of `LatePenalty`.

    Raises:
        UsageError: They make no sense.
    """
    try:
        return LatePenalty(**settings)
    except TraitError as error:
        raise UsageError(f"What lateness costs cannot be used: {error}") from error


def tell_deadlines(
    course: Course, gradebook: Gradebook, extensions: Extensions, console: Console
) -> None:
    """Print when work is due, for everybody and for those who have more time.

    Raises:
        UsageError: The gradebook does not know the assignment yet.
    """
    policy = read_policy(course)
    due = find_assignment(gradebook, course).duedate
    if due is None:
        console.print("No due date is set, so nobody is late.")
        return tell_extensions(console, extensions)
    due = due.replace(tzinfo=UTC)
    console.print(
        f"Due {show_moment(due)}{tell_past(due)}; late work loses "
        f"{policy.percent_a_day:g}% of all marks for every day begun, after "
        f"{policy.grace_minutes:g} minutes of grace.",
        soft_wrap=True,
    )
    tell_extensions(console, extensions)
    if idle := sorted(name for name, own in extensions.due.items() if own <= due):
        names = ", ".join(map(printable, idle))
        told = f"No later than the due date, and so without effect: {names}."
        console.print(told, soft_wrap=True)
    return None


def set_penalties(course: Course, extensions: Extensions) -> None:
    """Recompute everybody's penalty, with marks given by hand and new extensions."""
    policy = read_policy(course)
    with open_gradebook(course) as gradebook:
        for submission in gradebook.assignment_submissions(course.assignment):
            for notebook in submission.notebooks:
                penalty = policy.charge(submission, extensions.due, notebook.score)
                notebook.late_submission_penalty = penalty or None
        gradebook.db.commit()
