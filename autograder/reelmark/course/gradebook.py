"""The gradebook: where nbgrader keeps marks, and what the kit writes to it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from reelmark.course.folder import Course
from reelmark.errors import UsageError
from reelmark.handout.report import marks_cell
from reelmark.manifest import Coursework
from reelmark.results import Result, TaskResult, summarise_task


def open_gradebook(course: Course) -> Gradebook:
    """Open the gradebook of a course; use it in a ``with`` statement."""
    return Gradebook(course.directory.db_url, course.directory.course_id)


def module_marks(result: Result, module: str, coursework: Coursework) -> TaskResult:
    """Return the total of a module's tasks."""
    ids = {task.id for task in coursework.tasks_of(module)}
    tasks = [task for task in result.tasks if task.id in ids]
    whole = summarise_task(module, module, [c for task in tasks for c in task.checks])
    # A task's marks may be set by hand, whatever its checks add up to.
    marks = round(sum(task.marks for task in tasks), 2)
    return replace(whole, marks=marks, open=round(sum(t.open for t in tasks), 2))


def record_marks(
    gradebook: Gradebook, course: Course, student: str, result: Result
) -> None:
    """Write the marks of a student's code, module by module.

    Marks that a marker gave by hand are left alone; nbgrader then asks for a look at
    them, as it does if marks are open.
    """
    for module in course.coursework.modules:
        earned = module_marks(result, module, course.coursework)
        grade = gradebook.find_grade(
            marks_cell(module), course.notebook, course.assignment, student
        )
        grade.auto_score = min(earned.marks, grade.max_score)
        is_open = earned.open > 0
        grade.needs_manual_grade = is_open or grade.manual_score is not None
    gradebook.db.commit()


def record_without_notebook(course: Course, student: str, result: Result) -> None:
    """Write marks for code for a submission that nbgrader could not take in."""
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(course.assignment, student)
        record_marks(gradebook, course, student, result)


def find_assignment(gradebook: Gradebook, course: Course) -> Any:
    """Return the gradebook's entry of the assignment.

    Raises:
        UsageError: It does not exist yet.
    """
    try:
        gradebook.find_notebook(course.notebook, course.assignment)
        return gradebook.find_assignment(course.assignment)
    except MissingEntry as error:
        raise UsageError(
            f"The gradebook does not know {course.assignment} yet. Make it with: "
            "reelmark course release"
        ) from error


def list_recorded(course: Course) -> set[str]:
    """Return the students with a submission in the gradebook.

    Raises:
        UsageError: The gradebook does not know the assignment yet.
    """
    with open_gradebook(course) as gradebook:
        find_assignment(gradebook, course)
        submissions = gradebook.assignment_submissions(course.assignment)
        return {submission.student.id for submission in submissions}
