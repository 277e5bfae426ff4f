"""Extensions: who may hand in later than others, from ``extensions.csv``.

Late penalties depend on this file, so nothing in it is guessed. What is understood is
printed; as long as anything is unclear, marks and feedback are not written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from nbgrader.api import Gradebook
from rich.console import Console

from reelmark.course.folder import EXTENSIONS, Course
from reelmark.course.submissions import list_handed_in
from reelmark.errors import UsageError
from reelmark.intake.moments import parse_moment, show_moment
from reelmark.intake.names import match_student
from reelmark.intake.tables import Row, read_table

COLUMNS = ("student", "due")
MOST_SHOWN = 20


@dataclass(frozen=True)
class Extensions:
    """The students' own due dates.

    Attributes:
        due: By student, when their work is due, in UTC.
        notes: What was understood, one line each.
        doubts: What was not, one line each; these lines of the file do not count.
    """

    due: Mapping[str, datetime] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def read_extensions(
    course: Course, students: Collection[str], zone: tzinfo = UTC
) -> Extensions:
    """Read the students' own due dates.

    Args:
        course: The course.
        students: All students (`list_students`).
        zone: The time zone of a day that is given without a time.

    Raises:
        UsageError: The file is not a table with the columns ``student,due``.
    """
    path = course.root / EXTENSIONS
    if not path.exists():
        return Extensions()
    table = read_table(path, COLUMNS)
    lines, doubts = _read_rows(table.rows, students, zone)
    kept = {name: found[0] for name, found in lines.items() if len(found) == 1}
    doubts += [_doubt_twice(found) for found in lines.values() if len(found) > 1]
    notes = [_place(line.row, line.told) for line in kept.values()]
    if notes or doubts:
        notes.insert(0, f"{EXTENSIONS} is {table.dialect}.")
    due = {name: line.due for name, line in kept.items()}
    return Extensions(due, tuple(notes), tuple(doubts))


def list_students(course: Course, gradebook: Gradebook) -> set[str]:
    """Return everybody whom the gradebook knows, or who has handed something in."""
    return {student.id for student in gradebook.students} | set(list_handed_in(course))


def tell_extensions(console: Console, extensions: Extensions) -> None:
    """Print what was understood of the file, and what was not."""
    for note in extensions.notes:
        console.print(note, soft_wrap=True)
    for doubt in extensions.doubts:
        console.print(doubt, style="yellow", soft_wrap=True)


def expect_clear(extensions: Extensions, *, anyway: bool) -> None:
    """Expect nothing to be unclear, unless unclear lines may be ignored.

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


@dataclass(frozen=True)
class _Line:
    """A line that was understood."""

    row: Row
    student: str
    due: datetime
    remark: str

    @property
    def told(self) -> str:
        remark = f" ({self.remark})" if self.remark else ""
        return f"{self.student} until {show_moment(self.due)}{remark}"


def _read_rows(
    rows: Iterable[Row], students: Collection[str], zone: tzinfo
) -> tuple[dict[str, list[_Line]], list[str]]:
    """Return the lines that were understood, by student, and doubts about others."""
    lines: dict[str, list[_Line]] = {}
    doubts = []
    for row in rows:
        try:
            line = _read_row(row, students, zone)
            lines.setdefault(line.student, []).append(line)
        except ValueError as error:
            doubts.append(_place(row, str(error)))
    return lines, doubts


def _read_row(row: Row, students: Collection[str], zone: tzinfo) -> _Line:
    """Return what a row says.

    Raises:
        ValueError: It is unclear; the message says why.
    """
    if row.fault:
        raise ValueError(row.fault)
    if not row.cells["student"]:
        raise ValueError("a student is needed")
    match = match_student(row.cells["student"], students)
    if match.student is None:
        raise ValueError(match.remark)
    try:
        due = parse_moment(row.cells["due"], zone)
    except ValueError as error:
        raise ValueError(f"for {match.student}, {error}") from error
    return _Line(row, match.student, due, match.remark)


def _doubt_twice(lines: Sequence[_Line]) -> str:
    first, *others = lines
    where = " and ".join(str(line.row.line) for line in others)
    return _place(first.row, f"{first.student} is there again in line {where}")


def _place(row: Row, told: str) -> str:
    return f"{EXTENSIONS}, line {row.line}: {told}."


def _shorten(doubts: Collection[str]) -> Iterator[str]:
    yield from list(doubts)[:MOST_SHOWN]
    if len(doubts) > MOST_SHOWN:
        yield f"and {len(doubts) - MOST_SHOWN} more"
