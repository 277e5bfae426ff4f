"""Steps: what nbgrader does for a course, reported in one line or with a bar."""

from __future__ import annotations

import glob
import sys
from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from nbgrader.api import Gradebook
from rich.console import Console

from reelmark.course.export import write_marks
from reelmark.course.extensions import Extensions, expect_clear
from reelmark.course.folder import Course
from reelmark.course.gradebook import open_gradebook
from reelmark.course.lateness import (
    find_extensions,
    read_policy,
    set_penalties,
    tell_deadlines,
)
from reelmark.course.outcomes import (
    ask,
    expect_done,
    expect_machine,
    last_error,
    run_nbgrader,
)
from reelmark.course.roster import read_roster, tell_roster
from reelmark.course.submissions import STAMP, find_submitted
from reelmark.errors import UsageError
from reelmark.files import write_whole
from reelmark.grading.terminal import make_bar
from reelmark.grading.trouble import concerns_everybody, describe_error
from reelmark.intake.archives import ARCHIVE_SUFFIXES
from reelmark.intake.moments import parse_moment, show_moment, tell_past
from reelmark.intake.submissions import ROSTER, find_uploads
from reelmark.text import printable

ARCHIVES = Path("downloaded")


def release(course: Course, console: Console, due: str = "") -> None:
    """Make the students' version, and put it into the exchange.

    Raises:
        UsageError: nbgrader refuses to; or ``due`` can be read in more than one way.
    """
    name = course.assignment
    zone = read_policy(course).zone
    moment = _read_moment(due, zone, "--due") if due else None
    made = ask(course, "generate_assignment", name, force=True)
    expect_done(made, f"make the students' version of {name}")
    if moment:
        set_due(course, moment)
        console.print(f"Due: {show_moment(moment)}{tell_past(moment)}")
    if sys.platform == "win32":
        console.print(f"Hand out {course.place('release')}: Windows has no exchange.")
        return
    if (_outbound(course)).exists():
        ask(course, "unrelease", name)
    expect_done(ask(course, "release_assignment", name), f"release {name}")
    console.print(f"Released: {_outbound(course)}", soft_wrap=True)


def set_due(course: Course, due: datetime) -> None:
    """Set when the assignment is due."""
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(course.assignment, duedate=due)


def collect(course: Course, console: Console, submitted_at: str = "") -> None:
    """Collect from ``downloaded/`` if zips lie there, and from the exchange.

    Args:
        course: The course.
        console: Where to print.
        submitted_at: When zips were handed in of which the roster does not say it.

    Raises:
        UsageError: nbgrader refuses to; it cannot be told whose a zip is; or
            ``submitted_at`` cannot be read in one way only.
    """
    zone = read_policy(course).zone
    time = _read_moment(submitted_at, zone, "--submitted-at") if submitted_at else None
    archives = course.root / ARCHIVES / course.assignment / "archive"
    names = [path.name.casefold() for path in archives.glob("[!.]*")]
    if any(name.endswith(ARCHIVE_SUFFIXES) for name in names):
        # This says in words what would end nbgrader.
        students = [upload.path.stem for upload in find_uploads(archives)]
        words = ["zip_collect", course.assignment, "--force"]
        _print_problems(console, run_nbgrader(course, words))
        roster = read_roster(course, students, zone)
        tell_roster(console, roster)
        times = [(each, roster.times.get(each, time)) for each in students]
        _write_times(course, console, times)
    if _outbound(course).parent.with_name("inbound").is_dir():
        collected = ask(course, "collect", course.assignment, update=True)
        _print_problems(console, expect_done(collected, "collect submissions"))
    count = len(find_submitted(course))
    console.print(f"{count} submissions in {course.root / 'submitted'}")


def _write_times(
    course: Course, console: Console, times: Sequence[tuple[str, datetime | None]]
) -> None:
    """Say of every student's zip when it was handed in, as far as anybody knows."""
    unknown = 0
    for student, known in times:
        folder = course.place("submitted", student)
        if known and folder.is_dir():
            write_whole(folder / STAMP, show_moment(known))
        unknown += known is None
    if unknown:
        console.print(
            f"Nothing says when {unknown} of {len(times)} zips were handed in, so "
            f"they are not late: see {ROSTER}, or --submitted-at.",
            soft_wrap=True,
        )


def write_feedback(
    course: Course, console: Console, *, anyway: bool = False
) -> list[str]:
    """Write everybody's feedback page, and put it into the exchange.

    Args:
        course: The course.
        console: Where to print.
        anyway: Whether to ignore unclear lines in ``extensions.csv``.

    Returns:
        The students who have none because nbgrader could not write it.

    Raises:
        UsageError: Something there is unclear.
    """
    with open_gradebook(course) as gradebook:
        extensions = _read_deadlines(course, gradebook, console, anyway=anyway)
    set_penalties(course, extensions)
    failed = []
    students = sorted(course.nbgrader.get_autograded_students(course.assignment))
    with make_bar(console) as bar:
        task = bar.add_task("feedback", total=len(students))
        for student in students:
            if reason := _try_to_write_page(course, student):
                failed.append(student)
                console.print(f"{printable(student)} has no feedback: {reason}")
            bar.advance(task)
    console.print(f"Feedback: {course.place('feedback', '*')}")
    return failed


def _try_to_write_page(course: Course, student: str) -> str:
    try:
        return _write_page(course, student)
    except Exception as error:
        if concerns_everybody(error, course.marks):
            raise
        return describe_error(error)


def _write_page(course: Course, student: str) -> str:
    """Write and release one student's page; return why not, or an empty text.

    The exchange accepts only what came through it, with the student's secret.
    """
    name, pattern = course.assignment, glob.escape(student)
    written = ask(course, "generate_feedback", name, pattern, force=True)
    secret = course.place("feedback", student) / "submission_secret.txt"
    if written["success"] and secret.exists():
        written = ask(course, "release_feedback", name, pattern)
    if written["success"]:
        return ""
    expect_machine(course)
    return last_error(written)


def export(course: Course, to: Path, console: Console, *, anyway: bool = False) -> None:
    """Write the marks of everybody as CSV.

    Raises:
        UsageError: Something in ``extensions.csv`` is unclear, and must not be
            ignored (``anyway``).
    """
    with open_gradebook(course) as gradebook:
        extensions = _read_deadlines(course, gradebook, console, anyway=anyway)
        count = write_marks(course, to, gradebook, extensions)
        left = _count_unmarked(gradebook, course)
    console.print(f"Marks of {count} students: {to}", soft_wrap=True)
    if left:
        console.print(f"{left} of them have answers that are still to be marked.")


def _read_deadlines(
    course: Course, gradebook: Gradebook, console: Console, *, anyway: bool
) -> Extensions:
    """Read who may hand in later, print it, and expect it to be clear."""
    extensions = find_extensions(course, gradebook)
    expect_clear(extensions, anyway=anyway)
    tell_deadlines(course, gradebook, extensions, console)
    return extensions


def _print_problems(console: Console, log: str) -> None:
    for line in log.splitlines():
        if "ERROR" in line or "Left behind" in line:
            console.print(line.strip(), soft_wrap=True)


def _outbound(course: Course) -> Path:
    root = Path(str(course.config.Exchange.root))
    return root / str(course.directory.course_id) / "outbound" / course.assignment


def _count_unmarked(gradebook: Gradebook, course: Course) -> int:
    submissions = gradebook.assignment_submissions(course.assignment)
    return sum(bool(submission.needs_manual_grade) for submission in submissions)


def _read_moment(text: str, zone: tzinfo, option: str) -> datetime:
    """Return the moment that an option names.

    Raises:
        UsageError: It names none, or more than one.
    """
    try:
        return parse_moment(text, zone)
    except ValueError as error:
        raise UsageError(f"{option}: {error}.") from error
