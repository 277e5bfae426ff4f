"""Returning: grades and comments put into one of the teacher's worksheets.

What changes is worked out first, and written last: all of it, or nothing.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.lms.marks import Mark, Marks, Scale, format_number, parse_number
from reelmark.lms.roster import Person
from reelmark.lms.worksheet import Worksheet
from reelmark.results import Status
from reelmark.text import printable

COMMENT_START = "Marked by Reelmark: "
"""The start of the kit's comments; only such comments are replaced."""

# Numbers that mean something in one system only.
_INTERNAL = frozenset({"moodle", "canvas"})

FindRows = Callable[[Person], Collection[int]]
"""Returns the rows that may be a person's: one, if all is well."""


@dataclass(frozen=True)
class Change:
    """A grade that is put in: whose it is, the old text, and the new one."""

    who: str
    old: str
    new: str


@dataclass
class Filling:
    """A worksheet that is being filled in.

    Attributes:
        worksheet: The teacher's.
        keys: The number of the column that identifies a row's person.
        grades: The number of its column of grades.
        comments: The number of its column of comments; None if it has none.
        scale: How marks are written.
        point: What the worksheet writes for a decimal point.
        fixed: Contents of grade cells that are never replaced, in lower case.
        changes: The grades that are put in.
        returned: The marks that are put in, by row.
        own: The maximum of the class's marks.
        left_out: Who gets no grade and why, one sentence each.
        told: What else the instructor should know.
        kept: Whose cells stay as they are, by what is kept.
    """

    worksheet: Worksheet
    keys: int
    grades: int
    comments: int | None
    scale: Scale
    point: str = "."
    fixed: frozenset[str] = frozenset()
    changes: list[Change] = field(default_factory=list)
    returned: dict[int, Mark] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    kept: dict[str, list[str]] = field(default_factory=dict)
    own: Decimal = Decimal()

    def fill(self, marks: Marks, find_rows: FindRows) -> None:
        """Put marks into the rows of their owners."""
        self.own = marks.of
        self.left_out += marks.left_out
        self.told += marks.told
        claims: dict[int, list[Mark]] = {}
        for mark in marks.marks:
            rows = find_rows(mark.person)
            if len(rows) == 1:
                claims.setdefault(min(rows), []).append(mark)
            else:
                what = "more than one row" if rows else "no row"
                name = self.worksheet.path.name
                self.left_out.append(f"{mark.who}: {what} of {name} can be theirs.")
        for row, claiming in sorted(claims.items()):
            if len(claiming) == 1:
                self._put(row, claiming[0])
            else:
                names = " and ".join(mark.who for mark in claiming)
                self.left_out.append(f"{names}: one row for both; take one out.")

    def _put(self, row: int, mark: Mark) -> None:
        old = self.worksheet.cell(row, self.grades)
        if old.strip().casefold() in self.fixed:
            self._keep(f"grades are {old.strip()!r} and stay so", mark)
            return
        new = format_number(self.scale.apply(mark), self.point)
        self.returned[row] = mark
        self.changes.append(Change(mark.who, old.strip(), new))
        if parse_number(old) != parse_number(new):
            self.worksheet.replace(row, self.grades, new)
        if self.comments is not None:
            self._comment(row, self.comments, mark)

    def _comment(self, row: int, column: int, mark: Mark) -> None:
        comment = self.worksheet.cell(row, column)
        if comment.strip() and not comment.startswith(COMMENT_START):
            self._keep("comments are yours and stay so", mark)
        elif comment != (own := describe(mark)):
            self.worksheet.replace(row, column, own)

    def _keep(self, what: str, mark: Mark) -> None:
        self.kept.setdefault(what, []).append(mark.who)


def describe(mark: Mark) -> str:
    """Return the comment for a student beside the grade; a single line."""
    result = mark.result
    if not result.tasks:
        return f"{COMMENT_START}what was handed in could not be opened; see feedback."
    passed = sum(task.status is Status.PASSED for task in result.tasks)
    return (
        f"{COMMENT_START}{result.total:g} of {result.max:g} marks for code, "
        f"{passed} of {len(result.tasks)} tasks passed."
    )


def enumerate_names(names: Sequence[str], most: int = 5) -> str:
    """Return a few names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def find_point(texts: Iterable[str]) -> str:
    """Return the decimal point of the numbers in a file: a comma or a point."""
    numbers = [text for text in texts if parse_number(text) is not None]
    has_points = any("." in text for text in numbers)
    return "," if any("," in text for text in numbers) and not has_points else "."


def find_by_ids(worksheet: Worksheet, columns: Iterable[int], system: str) -> FindRows:
    """Return a function that finds people by their ids in some columns."""
    rows: dict[str, set[int]] = {}
    for column in columns:
        for row in worksheet.rows:
            rows.setdefault(_plain(worksheet.cell(row, column)), set()).add(row)

    def find(person: Person) -> Collection[int]:
        ids = [person.username, person.email]
        if person.system == system or person.system not in _INTERNAL:
            ids += [person.id, person.student]
        found = (rows.get(_plain(each), set()) for each in ids if each.strip())
        return set().union(*found)

    return find


def check_scale(of: Decimal | None, own: Decimal, theirs: Decimal | None) -> Decimal:
    """Return the maximum of the grades, which must not be left to chance.

    Args:
        of: What the command asks for, if it does.
        own: The maximum of the class's marks.
        theirs: The highest grade in the worksheet, if it says.

    Raises:
        UsageError: They differ, and nobody said which is meant.
    """
    if of is None and theirs is not None and theirs != own:
        most, best = format_number(own), format_number(theirs)
        raise UsageError(
            f"Marks are out of {most}, and the worksheet's highest grade is {best}. "
            f"--of {best} scales marks to it; --of {most} enters them as they are."
        )
    return own if of is None else of


def expect_other_file(source: Path, target: Path) -> None:
    """Expect the file to be written not to be the teacher's own.

    Raises:
        UsageError: It is.
    """
    if target.exists() and os.path.samefile(source, target):  # noqa: PTH121
        raise UsageError(
            f"{source} is your own file, which is never overwritten. Name another "
            "folder: --out DIR"
        )


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write files into one folder: all of them, or none.

    Raises:
        UsageError: They cannot be written.
    """
    folder = next(iter(files)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder) as staging:
            for path, content in files.items():
                (Path(staging) / path.name).write_bytes(content)
            for path in files:
                (Path(staging) / path.name).replace(path)
    except OSError as error:
        raise UsageError(
            f"Nothing was written: {error.strerror} ({folder}). Name a folder of your "
            "own with --out."
        ) from error


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def describe_filling(filling: Filling, *, in_full: bool) -> str:
    """Return lines that say what a filled worksheet changes.

    Args:
        filling: The worksheet.
        in_full: Whether each grade is shown, not just how many there are.
    """
    sheet, changes, kept = filling.worksheet, filling.changes, filling.kept.items()
    changed = sum(parse_number(c.old) != parse_number(c.new) for c in changes)
    overwritten = sum(
        bool(c.old) and parse_number(c.old) != parse_number(c.new) for c in changes
    )
    untouched = len(sheet.rows) - len(changes)
    lines = [
        f"Grades for {sheet.path.name}: {len(changes)}, of which {changed} change what "
        f"stands there ({overwritten} of them another grade). Rows without one: "
        f"{untouched}.",
        describe_scale(filling.own, filling.scale),
        *filling.told,
        *(f"{len(who)} {what}: {enumerate_names(who)}." for what, who in kept),
    ]
    if in_full:
        pairs = [(c.who, printable(c.old) or "no grade", c.new) for c in changes]
        lines += [f"  {who}: {old} -> {new}" for who, old, new in pairs]
    return "\n".join(lines)


def describe_scale(own: Decimal, scale: Scale) -> str:
    """Return how grades come from marks, in a sentence."""
    of, most = format_number(own), format_number(scale.of)
    scaled = f", scaled to {most}" if of != most else ""
    places = f"{scale.decimals} decimals" if scale.decimals != 1 else "1 decimal"
    return f"Grades are out of {of} marks{scaled}; rounded to {places}, halves up."
