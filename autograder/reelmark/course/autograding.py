"""Autograding: the class marked sealed, then its marks copied into nbgrader."""

from __future__ import annotations

import glob
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rich.console import Console

from reelmark.course.changes import Change, Recorded, Records, compare, describe_changes
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
from reelmark.grading.run import ClassRun
from reelmark.grading.terminal import (
    make_bar,
    mark_with_bar,
    print_broken,
    print_class,
)
from reelmark.intake.submissions import Upload
from reelmark.results import BROKEN, Result


@dataclass(frozen=True)
class Autograded:
    """What became of a class.

    Attributes:
        results: The sealed results, by student.
        copied: The students whose marks were copied in this run.
        changes: Whose marks for code differ from those in the gradebook before.
        unopened: Why nbgrader could not take a submission in, by student; its
            marks for code are in the gradebook all the same.
        faulty: The students whose marking met a fault of the kit, or needs a look.
    """

    results: Mapping[str, Result]
    copied: tuple[str, ...]
    changes: tuple[Change, ...]
    unopened: Mapping[str, str]
    faulty: tuple[str, ...]


def autograde(
    course: Course, console: Console, *, workers: int = 0, force: bool = False
) -> Autograded:
    """Mark what changed since the last time, and copy its marks into the gradebook.

    Raises:
        UsageError: Nothing was released or handed in, or this machine cannot keep
            hidden checks from submissions.
    """
    recorded = list_recorded(course)
    submissions = find_submitted(course)
    extensions = _read_deadlines(course, console)
    for submission in submissions:
        _prepare(course, submission, console)
    results = _mark(course, submissions, console, workers=workers, force=force)
    if force:
        recorded = set()
    done = _copy(course, submissions, results, console, recorded)
    set_penalties(course, extensions)
    _print_summary(console, course, done)
    return done


def _read_deadlines(course: Course, console: Console) -> Extensions:
    """Read who may hand in later; what is unclear is told, and need not be yet."""
    with open_gradebook(course) as gradebook:
        extensions = find_extensions(course, gradebook)
        tell_deadlines(course, gradebook, extensions, console)
    return extensions


def _prepare(course: Course, submission: Upload, console: Console) -> None:
    tell_unsafe(submission, console)
    if add_missing_notebook(course, submission):
        told = f"{submission.student}: no notebook was handed in."
        console.print(told)


def _mark(
    course: Course,
    submissions: list[Upload],
    console: Console,
    *,
    workers: int,
    force: bool,
) -> dict[str, Result]:
    """Mark the class sealed, several submissions at a time."""
    prepare_marks(course.marks)
    run = ClassRun(
        course.coursework,
        course.marks,
        slots=workers,
        force=force,
        is_unsafe=course.is_unsafe,
    )
    results = mark_with_bar(console, run, submissions)
    run.write_class([results[name] for name in sorted(results)])
    return results


def _copy(
    course: Course,
    submissions: list[Upload],
    results: Mapping[str, Result],
    console: Console,
    recorded: set[str],
) -> Autograded:
    """Let nbgrader take in every submission of which anything is new."""
    records = Records(course.marks / "recorded")
    copied, changes, unopened = [], [], {}
    with make_bar(console) as bar:
        task = bar.add_task("copying", total=len(submissions))
        for submission in submissions:
            result = results[submission.student]
            before = records.read(submission.stem)
            now = _look(course, submission, result)
            is_there = submission.path.parent.name in recorded
            if not is_there or before != now:
                again = bool(before.files) and before.files != now.files
                if reason := _take_in(course, submission, result):
                    unopened[submission.student] = reason
                    now = replace(now, files="")  # it is tried again the next time
                change = compare(before.result, result, again=again)
                changes += [change] if change else []
                copied.append(submission.student)
                records.write(submission.stem, now)
            bar.advance(task)
    faulty = [r.student for r in results.values() if r.status in BROKEN]
    return Autograded(
        results, tuple(copied), tuple(changes), unopened, tuple(sorted(faulty))
    )


def _look(course: Course, submission: Upload, result: Result) -> Recorded:
    """Return what nbgrader would take in now."""
    evidence = tell_evidence(course, submission.student)
    return Recorded(result, digest_files(submission.path), evidence)


def _take_in(course: Course, submission: Upload, result: Result) -> str:
    """Autograde one submission; return why nbgrader could not, or nothing."""
    student = submission.path.parent.name
    pattern = glob.escape(student)
    outcome = ask(course, "autograde", course.assignment, pattern, force=True)
    if outcome["success"]:
        return ""
    expect_machine(course)
    record_without_notebook(course, student, result)
    return last_error(outcome)


def _print_summary(console: Console, course: Course, done: Autograded) -> None:
    ordered = [done.results[name] for name in sorted(done.results)]
    print_class(console, course.coursework, ordered)
    if done.changes:
        console.print("Marks for code that changed:")
        for line in describe_changes(done.changes):
            console.print(f"  {line}", soft_wrap=True)
    for student, reason in done.unopened.items():
        console.print(
            f"{student}: nbgrader could not take the notebook in "
            f"({reason}). The marks for code are in the gradebook; mark the "
            "report from submitted/.",
            soft_wrap=True,
        )
    print_broken(console, ordered, "reelmark course decide")
    console.print(f"Copied into the gradebook: {len(done.copied)} of {len(ordered)}")
