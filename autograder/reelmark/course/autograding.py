"""Autograding: mark the class sealed, then copy its marks into nbgrader."""

from __future__ import annotations

import glob
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from rich.console import Console

from reelmark.course.extensions import Extensions
from reelmark.course.folder import Course
from reelmark.course.gradebook import (
    list_recorded,
    open_gradebook,
    record_without_notebook,
)
from reelmark.course.lateness import find_extensions, set_penalties, tell_deadlines
from reelmark.course.outcomes import ask, expect_machine, last_error
from reelmark.course.sealed_marks import prepare_marks, tell_evidence
from reelmark.course.submissions import (
    add_missing_notebook,
    digest_files,
    find_submitted,
    tell_unsafe,
)
from reelmark.grading.changes import (
    FOLDER,
    Change,
    Recorded,
    Records,
    compare,
)
from reelmark.grading.command import Settings, read_others
from reelmark.grading.publishing import open_publisher
from reelmark.grading.terminal import (
    make_bar,
    mark_with_bar,
    print_broken,
    print_changes,
    print_class,
    print_remarks,
    print_troubles,
)
from reelmark.grading.trouble import concerns_everybody, describe_error
from reelmark.intake.names import choose_students
from reelmark.intake.submissions import Upload
from reelmark.results import BROKEN, Result


@dataclass(frozen=True)
class Autograded:
    """The outcome for a class.

    Attributes:
        results: The sealed results, by student.
        copied: The students whose marks were copied in this run.
        changes: Whose marks for code differ from those in the gradebook before.
        unopened: Why nbgrader could not take a submission in, by student; its
            marks for code are in the gradebook all the same.
        faulty: The students whose marking met a fault of the kit, or needs a look, or
            whose marks were not shown or copied.
        troubles: By student, why something could not be marked, shown or copied.
    """

    results: Mapping[str, Result]
    copied: tuple[str, ...]
    changes: tuple[Change, ...]
    unopened: Mapping[str, str]
    faulty: tuple[str, ...]
    troubles: Mapping[str, str]


def autograde(course: Course, console: Console, settings: Settings) -> Autograded:
    """Mark what changed since the last time, and copy its marks into the gradebook.

    Raises:
        UsageError: Nothing was released or handed in; this machine cannot keep hidden
            checks from submissions; or marks are set by hand that make no sense.
    """
    recorded = list_recorded(course)
    everything = find_submitted(course)
    names = [submission.student for submission in everything]
    wanted = choose_students(settings.students, names)
    submissions = [each for each in everything if each.student in wanted]
    extensions = _read_deadlines(course, console)
    unsafe = _prepare_class(course, submissions, console)
    results, troubles = _mark(course, submissions, everything, console, settings)
    copying = _Copying(
        course, results, unsafe, set() if settings.is_forced else recorded
    )
    with make_bar(console) as bar:
        task = bar.add_task("copying", total=len(submissions))
        for submission in submissions:
            copying.try_to_copy(submission)
            bar.advance(task)
    done = copying.conclude(troubles)
    set_penalties(course, extensions)
    _print_summary(console, course, done)
    return done


def _read_deadlines(course: Course, console: Console) -> Extensions:
    """Read who may hand in later; unclear lines are reported, and tolerated for now."""
    with open_gradebook(course) as gradebook:
        extensions = find_extensions(course, gradebook)
        tell_deadlines(course, gradebook, extensions, console)
    return extensions


def _prepare_class(
    course: Course, submissions: Sequence[Upload], console: Console
) -> dict[str, str]:
    """Make every submission safe for nbgrader; return, by student, why one is not."""
    unsafe = {}
    for submission in submissions:
        try:
            _prepare(course, submission, console)
        except Exception as error:
            if concerns_everybody(error):
                raise
            unsafe[submission.student] = describe_error(error)
    return unsafe


def _prepare(course: Course, submission: Upload, console: Console) -> None:
    tell_unsafe(submission, console)
    if add_missing_notebook(course, submission):
        told = f"{submission.student}: no notebook was handed in."
        console.print(told)


def _mark(
    course: Course,
    submissions: list[Upload],
    everything: list[Upload],
    console: Console,
    settings: Settings,
) -> tuple[dict[str, Result], dict[str, str]]:
    """Mark submissions sealed, several at a time; write the page of the class.

    Returns:
        The results and, by student, why one could not be marked or shown.
    """
    prepare_marks(course.marks)
    students = [submission.student for submission in everything]
    run = settings.make_run(course.coursework, course.marks)
    run.publisher = open_publisher(course.coursework, course.marks, students)
    results = mark_with_bar(console, run, submissions)
    whole = {**read_others(run.publisher, everything, results), **results}
    run.write_class([whole[name] for name in sorted(whole)])
    return results, run.troubles


class _Copying:
    """Lets nbgrader take in every submission that has changed in any way.

    Args:
        course: The course.
        results: The sealed results, by student.
        unsafe: Why nbgrader must not open a submission, by student.
        recorded: The students of whom the gradebook has a submission.
    """

    def __init__(
        self,
        course: Course,
        results: Mapping[str, Result],
        unsafe: Mapping[str, str],
        recorded: Collection[str],
    ) -> None:
        self._course = course
        self._results = results
        self._unsafe = unsafe
        self._recorded = recorded
        self._records = Records(course.marks / FOLDER)
        self._copied: list[str] = []
        self._changes: list[Change] = []
        self._unopened: dict[str, str] = {}
        self._lost: dict[str, str] = {}

    def try_to_copy(self, submission: Upload) -> None:
        """Copy the marks of one submission; an error in one does not stop the others.

        Raises:
            Exception: One that would be raised for everybody.
        """
        try:
            self._copy(submission)
        except Exception as error:
            if concerns_everybody(error, self._course.marks):
                raise
            self._lost[submission.student] = describe_error(error)

    def conclude(self, troubles: Mapping[str, str]) -> Autograded:
        """Return the outcome for the class.

        Args:
            troubles: By student, why a submission could not be marked or shown.
        """
        results = self._results.values()
        faults = [r.student for r in results if r.status in BROKEN]
        faulty = sorted({*faults, *troubles, *self._lost})
        return Autograded(
            self._results,
            tuple(self._copied),
            tuple(self._changes),
            self._unopened,
            tuple(faulty),
            {**troubles, **self._lost},
        )

    def _copy(self, submission: Upload) -> None:
        result = self._results[submission.student]
        before = self._records.read(submission.stem)
        now = self._look(submission, result)
        if submission.path.parent.name in self._recorded and before == now:
            return
        again = bool(before.files) and before.files != now.files
        if reason := self._take_in(submission, result):
            self._unopened[submission.student] = reason
            now = replace(now, files="")  # so that it is tried again next time
        change = compare(before.result, result, again=again)
        self._changes += [change] if change else []
        self._copied.append(submission.student)
        self._records.write(submission.stem, now)

    def _look(self, submission: Upload, result: Result) -> Recorded:
        """Return what nbgrader would take in now."""
        evidence = tell_evidence(self._course, submission.student)
        return Recorded(result, digest_files(submission.path), evidence)

    def _take_in(self, submission: Upload, result: Result) -> str:
        """Autograde one submission; return why nbgrader could not, or an empty text."""
        student = submission.path.parent.name
        reason = self._unsafe.get(submission.student) or self._open(student)
        if reason:
            record_without_notebook(self._course, student, result)
        return reason

    def _open(self, student: str) -> str:
        """Let nbgrader open a submission; return why it could not, or an empty text."""
        course, pattern = self._course, glob.escape(student)
        try:
            outcome = ask(course, "autograde", course.assignment, pattern, force=True)
        except Exception as error:
            if concerns_everybody(error):
                raise
            return describe_error(error)
        if outcome["success"]:
            return ""
        expect_machine(course)
        return last_error(outcome)


def _print_summary(console: Console, course: Course, done: Autograded) -> None:
    ordered = [done.results[name] for name in sorted(done.results)]
    unshown = print_class(console, course.coursework, ordered)
    print_changes(console, done.changes, what="Marks for code")
    for student, reason in done.unopened.items():
        console.print(
            f"{student}: nbgrader could not take the notebook in "
            f"({reason}). The marks for code are in the gradebook; mark the "
            "report from submitted/.",
            soft_wrap=True,
        )
    print_remarks(console, ordered)
    print_broken(console, ordered, "reelmark course decide")
    print_troubles(console, {**unshown, **done.troubles})
    console.print(f"Copied into the gradebook: {len(done.copied)} of {len(ordered)}")
