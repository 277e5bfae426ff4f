"""Steps: what nbgrader does for a course, told in one line or with a bar."""

from __future__ import annotations

import glob
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc
from rich.console import Console
from rich.markup import escape

from reelmark.course.export import write_marks
from reelmark.course.folder import Course, put_alembic_on_path
from reelmark.course.gradebook import open_gradebook
from reelmark.course.lateness import set_penalties
from reelmark.course.submissions import find_submitted
from reelmark.errors import UsageError
from reelmark.grading.terminal import make_bar
from reelmark.grading.trouble import describe_error
from reelmark.intake.archives import ARCHIVE_SUFFIXES
from reelmark.intake.submissions import find_uploads

ARCHIVES = Path("downloaded")


def release(course: Course, console: Console, due: str = "") -> None:
    """Make the students' version, and put it into the exchange.

    Raises:
        UsageError: nbgrader refuses to; or ``due`` is no date.
    """
    name = course.assignment
    made = course.nbgrader.generate_assignment(name, force=True)
    expect_done(made, f"make the students' version of {name}")
    if due:
        set_due(course, due)
    if sys.platform == "win32":
        console.print(f"Hand out {course.place('release')}: Windows has no exchange.")
        return
    if (_outbound(course)).exists():
        course.nbgrader.unrelease(name)
    expect_done(course.nbgrader.release_assignment(name), f"release {name}")
    console.print(f"Released: {escape(str(_outbound(course)))}", soft_wrap=True)


def set_due(course: Course, due: str) -> None:
    """Set when the assignment is due.

    Raises:
        UsageError: ``due`` is no date.
    """
    try:
        date = parse_utc(due)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{due!r} is no date ({error}). Expected such as: 2026-03-06 17:00 UTC"
        ) from error
    with open_gradebook(course) as gradebook:
        gradebook.update_or_create_assignment(course.assignment, duedate=date)


def collect(course: Course, console: Console) -> None:
    """Collect from ``downloaded/`` if zips lie there, and from the exchange.

    Raises:
        UsageError: nbgrader refuses to; or it cannot be told whose a zip is.
    """
    archives = course.root / ARCHIVES / course.assignment / "archive"
    names = [path.name.casefold() for path in archives.glob("[!.]*")]
    if any(name.endswith(ARCHIVE_SUFFIXES) for name in names):
        find_uploads(archives)  # says in words what would end nbgrader
        words = ["zip_collect", course.assignment, "--force"]
        _print_problems(console, run_nbgrader(course, words))
    if _outbound(course).parent.with_name("inbound").is_dir():
        collected = course.nbgrader.collect(course.assignment, update=True)
        _print_problems(console, expect_done(collected, "collect submissions"))
    count = len(find_submitted(course))
    console.print(f"{count} submissions in {escape(str(course.root / 'submitted'))}")


def write_feedback(course: Course, console: Console) -> list[str]:
    """Write everybody's feedback page, and put it into the exchange.

    Returns:
        The students who have none, as nbgrader could not write it.
    """
    set_penalties(course)
    failed = []
    students = sorted(course.nbgrader.get_autograded_students(course.assignment))
    with make_bar(console) as bar:
        task = bar.add_task("feedback", total=len(students))
        for student in students:
            if reason := _try_to_write_page(course, student):
                failed.append(student)
                console.print(escape(f"{student} has no feedback: {reason}"))
            bar.advance(task)
    console.print(f"Feedback: {escape(str(course.place('feedback', '*')))}")
    return failed


def _try_to_write_page(course: Course, student: str) -> str:
    try:
        return _write_page(course, student)
    except Exception as error:
        return describe_error(error)


def _write_page(course: Course, student: str) -> str:
    """Write and release the page of one student; return why not, or nothing.

    The exchange takes only what came through it, with a secret of its student's.
    """
    name, pattern = course.assignment, glob.escape(student)
    written = course.nbgrader.generate_feedback(name, pattern, force=True)
    secret = course.place("feedback", student) / "submission_secret.txt"
    if written["success"] and secret.exists():
        written = course.nbgrader.release_feedback(name, pattern)
    return "" if written["success"] else last_error(written)


def export(course: Course, to: Path, console: Console) -> None:
    """Write the marks of everybody as CSV."""
    with open_gradebook(course) as gradebook:
        count = write_marks(course, to, gradebook)
        left = _count_unmarked(gradebook, course)
    console.print(f"Marks of {count} students: {escape(str(to))}", soft_wrap=True)
    if left:
        console.print(f"{left} of them have answers that are still to be marked.")


def run_nbgrader(course: Course, words: Sequence[str]) -> str:
    """Run an nbgrader command in the course's folder; return what it printed.

    Raises:
        UsageError: It failed.
    """
    put_alembic_on_path()
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "nbgrader", *words],
        cwd=course.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise UsageError(f"nbgrader {' '.join(words)} failed: {ran.stderr[-2000:]}")
    return ran.stderr


def expect_done(outcome: Mapping[str, Any], what: str) -> str:
    """Return the log of something nbgrader did.

    Raises:
        UsageError: It did not do it.
    """
    if not outcome["success"]:
        raise UsageError(f"nbgrader could not {what}: {last_error(outcome)}")
    return str(outcome.get("log", ""))


def last_error(outcome: Mapping[str, Any]) -> str:
    """Return, in a line, why nbgrader failed."""
    text = f"{outcome.get('log') or ''}\n{outcome.get('error') or ''}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    raised = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    wrong = [line for line in lines if line.startswith("[ERROR]")]
    return (raised or wrong or lines or ["it did not say why"])[-1]


def _print_problems(console: Console, log: str) -> None:
    for line in log.splitlines():
        if "ERROR" in line or "Left behind" in line:
            console.print(escape(line.strip()), soft_wrap=True)


def _outbound(course: Course) -> Path:
    root = Path(str(course.config.Exchange.root))
    return root / str(course.directory.course_id) / "outbound" / course.assignment


def _count_unmarked(gradebook: Gradebook, course: Course) -> int:
    submissions = gradebook.assignment_submissions(course.assignment)
    return sum(bool(submission.needs_manual_grade) for submission in submissions)
