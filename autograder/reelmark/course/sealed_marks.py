"""Sealed marks: how marks for code get into nbgrader's gradebook and feedback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode

from reelmark.course.evidence.findings import (
    FoundRecords,
    describe_findings,
    show_evidence,
)
from reelmark.course.folder import Course
from reelmark.course.gradebook import module_marks, record_marks
from reelmark.course.submissions import list_handed_in
from reelmark.errors import UsageError
from reelmark.grading.changes import FOLDER as RECORDED
from reelmark.grading.pages import format_marks, tell_earned
from reelmark.grading.publishing import open_publisher
from reelmark.grading.run import ClassRun
from reelmark.handout.report import marks_cell
from reelmark.intake.submissions import Upload, file_stem
from reelmark.manifest import Coursework
from reelmark.results import CheckResult, Result, Status, TaskResult, for_student
from reelmark.states import STATES
from reelmark.text import printable, show_controls


class SealedMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """Copies the sealed marks of a submission into the gradebook, and shows them.

    Whatever is not marked yet, or has changed since, is marked now: so plain
    ``nbgrader autograde`` and the formgrader's button work too, though only one
    submission at a time. `reelmark course autograde` marks the class first.
    """

    assignment = Unicode(help="The assignment whose code is marked.").tag(config=True)
    coursework = Unicode(help="The folder of the coursework.").tag(config=True)
    is_unsafe = Bool(
        False, help="Run hidden checks even where submissions could read them."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Write the marks, and what the checks found below each mark cell.

        Raises:
            UsageError: It is a different assignment from the one that is marked.
        """
        course = Course(self.config)
        about = resources["nbgrader"]
        if about["assignment"] != course.assignment:
            raise UsageError(
                f"Only {course.assignment!r} is marked in this course, and not "
                f"{about['assignment']!r}, which needs a course folder of its own."
            )
        result = for_student(find_result(course, about["student"]))
        with Gradebook(about["db_url"]) as gradebook:
            record_marks(gradebook, course, about["student"], result)
        show_result(nb, result, course.coursework)
        show_evidence(nb, tell_evidence(course, about["student"]))
        return nb, resources


def find_result(course: Course, student: str) -> Result:
    """Return the sealed result of a student; mark the submission if need be."""
    submission = Upload(printable(student), course.place("submitted", student))
    prepare_marks(course.marks)
    students = [*map(printable, list_handed_in(course))]
    run = ClassRun(
        course.coursework,
        course.marks,
        slots=1,
        is_unsafe=course.is_unsafe,
    )
    run.publisher = open_publisher(course.coursework, course.marks, students)
    return next(iter(list(run.mark_class([submission])))).result


def tell_evidence(course: Course, student: str) -> str:
    """Return what the marker reads about a student's evidence."""
    _, found = FoundRecords(course).read(file_stem(printable(student)))
    return describe_findings(found)


def prepare_marks(folder: Path) -> None:
    """Make the folder for results."""
    for name in ("results", "feedback", RECORDED):
        (folder / name).mkdir(parents=True, exist_ok=True)


def show_result(nb: NotebookNode, result: Result, coursework: Coursework) -> None:
    """Put what marking found under the mark cell of each module."""
    by_name = {marks_cell(module): module for module in coursework.modules}
    for cell in nb.cells:
        module = by_name.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
        if module:
            text = describe_module(result, module, coursework)
            cell.outputs = [new_output("stream", name="stdout", text=text)]


def describe_module(result: Result, module: str, coursework: Coursework) -> str:
    """Return what a student reads about one module: marks, then what is wrong."""
    ids = [task.id for task in coursework.tasks_of(module)]
    tasks = [task for task in result.tasks if task.id in ids]
    earned = tell_earned(module_marks(result, module, coursework))
    lines = [f"{module}.py: {earned} marks"]
    lines += [*result.notes, ""] if result.notes else [""]
    for task in tasks:
        lines += _describe_task(task)
    return show_controls("\n".join(lines), keep="\n\t") + "\n"


def _describe_task(task: TaskResult) -> Iterator[str]:
    marks = f"{format_marks(task.marks)}/{format_marks(task.max)}"
    sign = STATES[task.status].sign
    yield f"{sign} {task.id:<8} {task.title:<52} {marks:>7}  {task.status}"
    yield from _describe_by_hand(task)
    for check in task.checks:
        if check.status is not Status.PASSED or check.adjusted:
            yield from _describe_check(check)


def _describe_by_hand(part: TaskResult | CheckResult) -> Iterator[str]:
    if adjusted := part.adjusted:
        marks, found = format_marks(part.marks), format_marks(adjusted.found)
        told = f"{marks} in place of {found}, {adjusted.by}: {adjusted.reason}"
        yield f"    marks set by hand: {told}"


def _describe_check(check: CheckResult) -> Iterator[str]:
    kind = "hidden check" if check.hidden else "check"
    yield f"    {STATES[check.status].sign} {kind}: {check.title}  ({check.status})"
    yield from _describe_by_hand(check)
    yield from (f"      {line}" for line in check.message.splitlines())
    yield ""
