"""The roster of a course: what students are called, and when they handed in.

``roster.csv`` in the course's folder is what `reelmark grade` keeps of a download of an
LMS, or any table with the columns ``student`` and ``name``; ``email`` and ``submitted``
are read where they are there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from nbgrader.api import Gradebook
from rich.console import Console

from reelmark.course.folder import Course
from reelmark.intake.moments import parse_moment
from reelmark.intake.names import Match, match_student
from reelmark.intake.submissions import ROSTER
from reelmark.intake.tables import Row, read_table
from reelmark.text import printable

COLUMNS = ("student", "name")
MOST_SHOWN = 20


@dataclass(frozen=True)
class Roster:
    """What the roster says.

    Attributes:
        names: What students are called, by student.
        emails: Their addresses, as far as they are known.
        times: When they handed in, as far as that is known.
        missing: Of whom there is no work.
        doubts: Lines that are not used, and why.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    emails: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, datetime] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def read_roster(course: Course, students: Collection[str], zone: tzinfo) -> Roster:
    """Read the roster of a course; empty if there is none.

    Args:
        course: The course.
        students: Everybody there is.
        zone: The time zone of times that name none.

    Raises:
        UsageError: The file is not a table with the columns ``student,name``.
    """
    path = course.root / ROSTER
    if not path.exists():
        return Roster()
    rows = read_table(path, COLUMNS).rows
    found = [
        (row, match_student(row.cells.get("student", ""), students)) for row in rows
    ]
    known = [(row, match.student) for row, match in found if match.student is not None]
    times = {student: _read_time(row, zone) for row, student in known}
    return Roster(
        names={student: row.cells["name"] for row, student in known},
        emails={student: row.cells.get("email", "") for row, student in known},
        times={student: time for student, time in times.items() if time},
        missing=tuple(
            row.cells["name"] or row.cells["student"]
            for row, match in found
            if match.student is None and not row.fault and not match.is_alike
        ),
        doubts=tuple(
            f"{ROSTER}, line {row.line}: {told}."
            for row, match in found
            for told in _find_doubts(row, match, zone)
        ),
    )


def tell_roster(console: Console, roster: Roster) -> None:
    """Print which lines are not used, and of whom there is no work."""
    for doubt in roster.doubts:
        console.print(doubt, style="yellow", soft_wrap=True)
    if roster.missing:
        names = ", ".join(map(printable, roster.missing[:MOST_SHOWN]))
        left_out = len(roster.missing) - MOST_SHOWN
        more = f" and {left_out} more" if left_out > 0 else ""
        console.print(f"Handed in nothing: {names}{more}.", soft_wrap=True)


def write_names(gradebook: Gradebook, roster: Roster) -> None:
    """Have the gradebook call students what the roster calls them."""
    known = {student.id for student in gradebook.students}
    for student in known & roster.names.keys():
        first, last = split_name(roster.names[student])
        email = roster.emails[student] or None
        gradebook.update_or_create_student(
            student, first_name=first, last_name=last, email=email
        )


def split_name(name: str) -> tuple[str, str]:
    """Return first and last name, as the formgrader shows them.

    Examples:
        >>> split_name("Ada King Lovelace"), split_name("Lovelace, Ada")
        (('Ada King', 'Lovelace'), ('Ada', 'Lovelace'))
    """
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.strip().rpartition(" ")
    return first.strip(), last.strip()


def _find_doubts(row: Row, match: Match, zone: tzinfo) -> Iterator[str]:
    if row.fault:
        yield row.fault
    elif match.is_alike or (match.student and match.remark):
        yield match.remark.removesuffix("?")
    elif match.student and row.cells.get("submitted") and not _read_time(row, zone):
        told = f"{row.cells['submitted']!r} is not a time"
        yield f"{told}, so nothing says when {match.student} handed in"


def _read_time(row: Row, zone: tzinfo) -> datetime | None:
    text = row.cells.get("submitted", "")
    try:
        return parse_moment(text, zone)
    except ValueError:
        return _read_local(text, zone)


def _read_local(text: str, zone: tzinfo) -> datetime | None:
    """Return a time that names no zone: an LMS tells those of its own."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time.replace(tzinfo=zone) if time.tzinfo is None else None
