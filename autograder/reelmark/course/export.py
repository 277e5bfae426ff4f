"""The export: everybody's marks for code and report, less late penalties."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Bool

from reelmark.course.extensions import Extensions, expect_clear
from reelmark.course.folder import Course
from reelmark.course.lateness import find_extensions, read_policy, set_penalties
from reelmark.course.mark_cells import mark_cells
from reelmark.errors import USAGE, UsageError
from reelmark.files import write_rows
from reelmark.grading.publishing import expect_published, open_publisher
from reelmark.handout.report import marks_cell
from reelmark.intake.moments import show_moment
from reelmark.intake.submissions import file_stem
from reelmark.results import BY_HAND, Result, tell_by_hand
from reelmark.text import printable

Cell = str | float


class MarksExport(ExportPlugin):  # type: ignore[misc]
    """Writes one line per student: `nbgrader export`, or `reelmark course export`."""

    anyway = Bool(False, help="Pass over what is unclear in extensions.csv.").tag(
        config=True
    )

    def export(self, gradebook: Gradebook) -> None:
        """Write the marks of the course's assignment as CSV."""
        course = Course(self.config)
        path = Path(self.to or "grades.csv")
        try:
            extensions = find_extensions(course, gradebook)
            expect_clear(extensions, anyway=self.anyway)
            write_marks(course, path, gradebook, extensions, self.student)
        except UsageError as error:
            self.log.critical(error)
            sys.exit(USAGE)


def write_marks(
    course: Course,
    path: Path,
    gradebook: Gradebook,
    extensions: Extensions,
    only: Sequence[str] = (),
) -> int:
    """Write a line for every student that the gradebook knows; return how many.

    Raises:
        UsageError: The gradebook does not contain yet what was decided by hand.
    """
    sheet = _Sheet(course, gradebook, extensions)
    set_penalties(course, extensions)
    gradebook.db.expire_all()
    students = [s.id for s in gradebook.students if not only or s.id in only]
    rows = [sheet.heading(), *(sheet.row(student) for student in sorted(students))]
    write_rows(rows, path)
    return len(students)


class _Sheet:
    """The table of marks."""

    def __init__(
        self, course: Course, gradebook: Gradebook, extensions: Extensions
    ) -> None:
        self._course = course
        self._gradebook = gradebook
        self._policy = read_policy(course)
        self._extensions = extensions.due
        self._publisher = open_publisher(course.coursework, course.marks)
        rulings, again = self._publisher.rulings, "reelmark course autograde"
        expect_published(course.marks, rulings, again)
        notebook = gradebook.find_notebook(course.notebook, course.assignment)
        names = [cell.name for cell in (*notebook.grade_cells, *notebook.task_cells)]
        self._by_hand = sorted(set(names) - set(mark_cells(course.coursework)))

    def heading(self) -> list[Cell]:
        """Return the names of the columns."""
        coursework = self._course.coursework
        tasks = [task.id for task in coursework.tasks]
        late = ["handed in", "extension", "days late", "late penalty"]
        sums = ["code", "open", "report", "left to mark"]
        parts = [*coursework.modules, *tasks, *self._by_hand]
        return ["student", *parts, *sums, *late, "total", "of", BY_HAND]

    def row(self, student: str) -> list[Cell]:
        """Return the line of one student; zeros for one who handed in nothing."""
        submission = self._find(student)
        result = self._publisher.read(file_stem(printable(student)))
        scores, left = _read_scores(submission)
        coursework = self._course.coursework
        modules = [scores.get(marks_cell(each), 0.0) for each in coursework.modules]
        report = [scores.get(name, 0.0) for name in self._by_hand]
        penalty = submission.late_submission_penalty if submission else 0.0
        total = max(0.0, sum(modules) + sum(report) - penalty)
        return [
            student,
            *modules,
            *self._task_marks(result),
            *report,
            round(sum(modules), 2),
            result.open if result else 0.0,
            round(sum(report), 2),
            left,
            *self._lateness(student, submission),
            round(penalty, 2),
            round(total, 2),
            self._gradebook.find_assignment(self._course.assignment).max_score,
            tell_by_hand(result) if result else "",
        ]

    def _find(self, student: str) -> Any:
        with suppress(MissingEntry):
            return self._gradebook.find_submission(self._course.assignment, student)
        return None

    def _task_marks(self, result: Result | None) -> list[Cell]:
        marks = {task.id: task.marks for task in result.tasks} if result else {}
        return [marks.get(task.id, 0.0) for task in self._course.coursework.tasks]

    def _lateness(self, student: str, submission: Any) -> list[Cell]:
        own = self._extensions.get(student)
        if submission is None:
            return ["nothing handed in", _show(own), 0]
        days = self._policy.count_days(submission, self._extensions)
        handed_in = submission.timestamp
        # The gradebook's times are in UTC, but do not say so.
        told = _show(handed_in.replace(tzinfo=UTC) if handed_in else None)
        return [told, _show(own), days]


def _read_scores(submission: Any) -> tuple[dict[str, float], int]:
    """Return scores by cell, and how many cells have yet to be marked by hand."""
    grades = [g for n in submission.notebooks for g in n.grades] if submission else []
    left = sum(bool(grade.needs_manual_grade) for grade in grades)
    return {grade.name: grade.score for grade in grades}, left


def _show(time: datetime | None) -> str:
    return show_moment(time) if time else ""
