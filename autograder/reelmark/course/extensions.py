"""Extensions: who may hand in later than the others, from ``extensions.csv``.

The penalties of a class hang on this file, so nothing in it is guessed. What is
understood is printed; what is unclear keeps marks and feedback from being written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from nbgrader.api import Gradebook
from rich.console import Console
from rich.markup import escape

from reelmark.course.folder import EXTENSIONS, Course
from reelmark.course.submissions import list_handed_in
from reelmark.errors import UsageError
from reelmark.intake.moments import parse_moment, show_moment
from reelmark.intake.names import match_student
from reelmark.intake.tables import Row, read_table

COLUMNS = ("student", "due")
MOST_SHOWN = 20


@dataclass
class Extensions:
    """The students' own due dates.

    Attributes:
        due: When the work of a student is due, in UTC, by student.
        notes: What was understood, a line each.
        doubts: What was not, a line each; these lines of the file do not count.
    """

    due: dict[str, datetime] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def read_extensions(
    course: Course, students: Collection[str], zone: tzinfo = UTC
) -> Extensions:
    """Read the students' own due dates.

    Args:
        course: The course.
        students: Everybody there is (`list_students`).
        zone: The time zone in which a day alone ends.

    Raises:
        UsageError: The file is not a table with the columns ``student,due``.
    """
    path = course.root / EXTENSIONS
    found = Extensions()
    if not path.exists():
        return found
    table = read_table(path, COLUMNS)
    lines: dict[str, int] = {}
    for row in table.rows:
        _take_row(row, students, zone, found, lines)
    if found.notes or found.doubts:
        found.notes.insert(0, f"{EXTENSIONS} is {table.dialect}.")
    return found


def list_students(course: Course, gradebook: Gradebook) -> set[str]:
    """Return everybody that the gradebook knows, or who has handed something in."""
    return {student.id for student in gradebook.students} | set(list_handed_in(course))


def tell_extensions(console: Console, extensions: Extensions) -> None:
    """Print what was understood of the file, and what was not."""
    for note in extensions.notes:
        console.print(escape(note), soft_wrap=True)
    for doubt in extensions.doubts:
        console.print(escape(doubt), style="yellow", soft_wrap=True)


def expect_clear(extensions: Extensions, *, anyway: bool) -> None:
    """Expect nothing to be unclear, unless it is to be passed over.

    Raises:
        UsageError: Something is.
    """
    if anyway or not extensions.doubts:
        return
    raise UsageError(
        "Nothing was written, for something is unclear on which marks depend:\n  "
        + "\n  ".join(_shorten(extensions.doubts))
        + "\nPut it right; or add --anyway, and these lines do not count."
    )


def _take_row(
    row: Row,
    students: Collection[str],
    zone: tzinfo,
    found: Extensions,
    lines: dict[str, int],
) -> None:
    """Add what a row says to what was found."""
    place = f"{EXTENSIONS}, line {row.line}"
    if row.fault:
        found.doubts.append(f"{place}: {row.fault}.")
        return
    match = match_student(row.cells["student"], students)
    if match.student is None:
        found.doubts.append(f"{place}: {match.remark or 'a name is needed'}.")
        return
    try:
        due = parse_moment(row.cells["due"], zone)
    except ValueError as error:
        found.doubts.append(f"{place}, {match.student}: {error}.")
        return
    first = lines.setdefault(match.student, row.line)
    if first != row.line:
        found.doubts.append(f"{place}: {match.student} stands in line {first} already.")
        found.due.pop(match.student, None)
        return
    remark = f" ({match.remark})" if match.remark else ""
    found.notes.append(f"{place}: {match.student} until {show_moment(due)}{remark}")
    found.due[match.student] = due


def _shorten(doubts: Collection[str]) -> Iterator[str]:
    yield from list(doubts)[:MOST_SHOWN]
    if len(doubts) > MOST_SHOWN:
        yield f"and {len(doubts) - MOST_SHOWN} more"
