"""Blackboard (Original): its downloads, and its files of grades.

In a download, all files lie loose in one folder, with a receipt for each attempt:
``<column>_<username>_attempt_<time>_<file>``. Usernames may hold underscores, and so
may columns: a receipt tells them apart; without one, the common start of all names
is the column.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reelmark.errors import RefusedSubmission, UsageError
from reelmark.intake.kinds import Parts, show
from reelmark.lms.downloads import Item, Place
from reelmark.lms.marks import Marks, Scale, parse_number
from reelmark.lms.readings import Handed, Reading, Wanted, list_strays, tell_apart
from reelmark.lms.returning import Filling, check_scale, find_by_ids, find_point
from reelmark.lms.roster import Person, make_key, read_time
from reelmark.lms.worksheet import Worksheet

NAME = "blackboard"
TITLE = "Blackboard"

MAX_RECEIPT = 1024 * 1024

_ATTEMPT = r"_attempt_\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d"
# A username may contain the anchor itself: the last one before the file's name counts.
_PATTERN = re.compile(
    rf"(?P<head>.+?)(?P<anchor>{_ATTEMPT})(?!{_ATTEMPT})(?:_(?P<file>.+)|\.txt)",
    re.ASCII,
)
_RECEIPT = re.compile(
    # The word for "name" is in the language of whoever downloaded.
    r"[^:\uff1a]*[:\uff1a]\s*(?P<name>.*?)\s*\((?P<username>[^()\s]+)\)\s*"
)
_HEADER = re.compile(
    r"(?P<name>.*)\[(?P<points>[^\[\]]*)\]\s*\|(?P<id>\d+)\s*", re.ASCII
)


@dataclass(frozen=True)
class _Student:
    """Whose a head is: a username and, from a receipt, a name."""

    username: str
    name: str


@dataclass(frozen=True)
class _File:
    """A file of an attempt; a receipt has no name of its own."""

    item: Item
    head: str
    stamp: str
    name: str


def read(place: Place, wanted: Wanted) -> Reading:  # noqa: ARG001
    """Read the names in a place as Blackboard writes them."""
    files = [file for item in place.items if (file := parse(item))]
    if not files:
        why_not = (
            "no name is like 'Coursework 2_ada_attempt_2026-03-06-16-55-03_cnn.py'"
        )
        return Reading(why_not=why_not)
    students, told = _find_students(place, files)
    own: dict[str, list[_File]] = {}
    for file in files:
        own.setdefault(file.head, []).append(file)
    return Reading(
        tell_apart(_describe(students[head], each) for head, each in own.items()),
        num_fitting=len(files),
        strays=list_strays(place, [file.item for file in files]),
        told=told,
    )


def parse(item: Item) -> _File | None:
    """Return whose an item is, if its name has Blackboard's form."""
    if item.is_folder or not (match := _PATTERN.fullmatch(item.name)):
        return None
    stamp = match["anchor"].removeprefix("_attempt_")
    return _File(item, match["head"], stamp, match["file"] or "")


def _find_students(
    place: Place, files: Iterable[_File]
) -> tuple[Mapping[str, _Student], tuple[str, ...]]:
    """Tell column and username of each head apart.

    Returns:
        The students by head, and what the instructor should know about it.
    """
    students: dict[str, _Student] = {}
    liars = []
    heads = {file.head for file in files}
    for file in files:
        if not file.name and file.head not in students:
            if student := _read_receipt(place, file):
                students[file.head] = student
            else:
                liars.append(show(file.item.name))
    columns = {
        head.removesuffix(f"_{student.username}") for head, student in students.items()
    }
    guessed = sorted(heads - students.keys())
    for head in guessed:
        column = next((c for c in columns if head.startswith(f"{c}_")), None)
        column = _find_column(heads) if column is None else column
        students[head] = _Student(head.removeprefix(f"{column}_"), "")
    return students, _tell(students, guessed, liars, is_sure=bool(columns))


def _read_receipt(place: Place, file: _File) -> _Student | None:
    """Return whose a receipt is; None if it does not agree with its own name."""
    try:
        text = place.read_text(file.item, MAX_RECEIPT)
    except RefusedSubmission:
        return None
    # Below this line is what the student typed.
    first = next(iter(text.splitlines()), "")
    found = _RECEIPT.fullmatch(first)
    if found and file.head.endswith(f"_{found['username']}"):
        return _Student(found["username"], found["name"])
    return None


def _find_column(heads: Iterable[str]) -> str:
    """Return the common start of all heads, up to an underscore."""
    common = os.path.commonprefix(list(heads))  # noqa: RUF071 (of letters)
    column, _, _ = common.rpartition("_")
    return column


def _tell(
    students: Mapping[str, _Student],
    guessed: Iterable[str],
    liars: list[str],
    *,
    is_sure: bool,
) -> tuple[str, ...]:
    told = []
    if liars:
        told.append(f"Receipts that name nobody whose they could be: {liars[0]}")
    if guessed and not is_sure:
        names = [students[head].username for head in guessed]
        told.append(
            "No receipt tells where a username begins, so what all names begin with "
            f"is taken to be the column: {', '.join(map(show, names[:3]))}"
        )
    return tuple(told)


def _describe(student: _Student, files: Iterable[_File]) -> Handed:
    attempts: dict[str, list[_File]] = {}
    for file in files:
        attempts.setdefault(file.stamp, []).append(file)
    stamps = sorted(attempts)
    filled = [s for s in stamps if any(file.name for file in attempts[s])]
    counts = (filled or stamps)[-1]
    notes = _note(stamps, counts) if len(stamps) > 1 else ()
    key = make_key("", student.username)
    person = Person(
        *(key, student.name or student.username, NAME),
        username=student.username,
        submitted=read_time(counts),
        attempt=str(stamps.index(counts) + 1),
    )
    pieces: dict[Parts, Item] = {
        (file.name,): file.item for file in attempts[counts] if file.name
    }
    return Handed(key, (person,), pieces, notes)


def _note(stamps: list[str], counts: str) -> tuple[str, ...]:
    why = "" if counts == stamps[-1] else ", the last one with files"
    return (f"Of {len(stamps)} attempts, that of {read_time(counts)} counts{why}.",)


def fill(
    worksheet: Worksheet,
    marks: Marks,
    of: Decimal | None,
    decimals: int,
    column: str,
) -> Filling:
    """Fill in a file of grades that was downloaded from Blackboard.

    Args:
        worksheet: The teacher's, as Blackboard gave it: with commas or tabs.
        marks: The marks of the class.
        of: The maximum of the grades; by default, the column's.
        decimals: How many decimals grades have.
        column: Its name, without points and id, or only its id; if empty, the
            only one there is.

    Raises:
        UsageError: It is not such a file, or its columns cannot be identified.
    """
    grades, best = _find_grades(worksheet, column)
    first = next(
        c for c, name in enumerate(worksheet.header) if _HEADER.fullmatch(name)
    )
    keys = _find_usernames(worksheet, marks, range(first))
    scale = Scale(check_scale(of, marks.of, best), decimals)
    filling = Filling(worksheet, keys, grades, None, scale)
    filling.point = find_point(worksheet.column(grades))
    filling.told.append("Blackboard takes no feedback pages: hand out feedback/.")
    is_known = any(mark.person.system == NAME for mark in marks.marks)
    columns = [keys] if is_known else range(first)
    filling.fill(marks, find_by_ids(worksheet, columns, NAME))
    return filling


def _find_grades(worksheet: Worksheet, column: str) -> tuple[int, Decimal | None]:
    """Return the number of the column of grades, and its points if it states them."""
    found = {
        number: match
        for number, name in enumerate(worksheet.header)
        if (match := _HEADER.fullmatch(name))
    }
    wanted = column.strip()
    fitting = [
        number
        for number, match in found.items()
        if not wanted or wanted in (match["name"].strip(), match["id"], match[0])
    ]
    if len(fitting) == 1:
        points = re.search(r"\d+(?:[.,]\d+)?", found[fitting[0]]["points"])
        return fitting[0], parse_number(points[0]) if points else None
    choices = ", ".join(show(match["name"].strip()) for match in found.values())
    asked = f"no column {show(wanted)}, or several" if wanted else "several columns"
    raise UsageError(
        f"{worksheet.path} has {asked if found else 'no columns'} of grades such as "
        f"'Coursework 2 [Total Pts: 60] |123'. --column NAME names one; there are: "
        f"{choices or 'none'}."
    )


def _find_usernames(worksheet: Worksheet, marks: Marks, columns: range) -> int:
    known = {
        username.casefold() for m in marks.marks if (username := m.person.username)
    }
    counts = {
        column: sum(
            text.strip().casefold() in known for text in worksheet.column(column)
        )
        for column in columns
    }
    return max(columns, key=lambda column: counts[column], default=0)
