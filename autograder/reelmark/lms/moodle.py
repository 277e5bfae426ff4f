"""Moodle: its downloads, its grading worksheets, and feedback for it.

In downloads, a participant's id follows the name, in which Moodle turns every
underscore into a space. Files come in one folder per participant (the default), or
all in one folder. Moodle does not say when work was handed in, or whether it was late.

A worksheet is in the language of the site, so its columns are found by their position
and content. In identifiers such as "Participant 123", the number is the id.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.intake.kinds import Parts, show
from reelmark.intake.submissions import file_stem
from reelmark.lms.downloads import Item, Pieces, Place
from reelmark.lms.marks import Marks, Scale, parse_number
from reelmark.lms.readings import (
    Handed,
    Reading,
    Wanted,
    list_strays,
    mount,
    tell_apart,
)
from reelmark.lms.returning import (
    Filling,
    check_scale,
    enumerate_names,
    find_by_ids,
    find_point,
)
from reelmark.lms.roster import Person, make_key
from reelmark.lms.worksheet import Worksheet

NAME = "moodle"
TITLE = "Moodle"

FOLDER_END = "_assignsubmission_file_"
"""Suffixes of the names of folders, and of those with feedback."""

_OWNER = r"(?:(?P<group>[^_]*)_\d+_)?(?P<name>[^_]*)_(?P<id>\d+)"
_PLUGIN = r"_assignsubmission_(?P<plugin>[a-z]+)"
# The second pattern of each is for names with an underscore, which no Moodle writes.
_FOLDERS = (rf"{_OWNER}{_PLUGIN}_?", rf"(?P<name>.*)_(?P<id>\d+){_PLUGIN}_?")
_FILES = (
    rf"{_OWNER}{_PLUGIN}_(?P<file>.+)",
    rf"(?P<name>.*?)_(?P<id>\d+){_PLUGIN}_(?P<file>.+)",
)

_Owner = tuple[str, str, str]
"""Id, name and group of a participant."""


def read(place: Place, wanted: Wanted) -> Reading:  # noqa: ARG001
    """Read the names in a place as Moodle writes them."""
    found = {item: match for item in place.items if (match := parse(item))}
    if not found:
        why_not = "no name is like 'Ada Lovelace_123_assignsubmission_file_'"
        return Reading(why_not=why_not)
    files: dict[_Owner, list[tuple[str, Item]]] = {}
    for item, match in found.items():
        named = match.groupdict()
        owner = (named["id"], named["name"], named.get("group") or "")
        own = files.setdefault(owner, [])
        if named["plugin"] == "file":
            own.append((named.get("file") or "", item))
    return Reading(
        tell_apart(_describe(owner, own) for owner, own in files.items()),
        num_fitting=len(found),
        strays=list_strays(place, found),
    )


def parse(item: Item) -> re.Match[str] | None:
    """Return whose an item is, if its name has Moodle's form."""
    for pattern in _FOLDERS if item.is_folder else _FILES:
        if match := re.fullmatch(pattern, item.name, re.ASCII):
            return match
    return None


def _describe(owner: _Owner, own: Iterable[tuple[str, Item]]) -> Handed:
    own_id, name, group = owner
    key = make_key(name, own_id)
    person = Person(key, name, NAME, id=own_id, group=group)
    return Handed(key, (person,), _place(own))


def _place(own: Iterable[tuple[str, Item]]) -> Pieces:
    files: dict[Parts, Item] = {(name,): item for name, item in own if name}
    return {**files, **mount([item for name, item in own if not name])}


@dataclass(frozen=True)
class Columns:
    """The numbers of the columns in a grading worksheet."""

    identifiers: int
    grades: int
    comments: int | None
    max_grade: Decimal


def fill(
    worksheet: Worksheet,
    marks: Marks,
    of: Decimal | None,
    decimals: int,
    *,
    grades: str = "",
    comments: str = "",
) -> Filling:
    """Fill in one of Moodle's grading worksheets, whatever its language.

    Args:
        worksheet: The teacher's, as Moodle gave it.
        marks: The marks of the class.
        of: The maximum of the grades; by default, the worksheet's.
        decimals: How many decimals grades have.
        grades: The header of the column of grades, if it cannot be identified.
        comments: The header of the column of comments, if it cannot be identified.

    Raises:
        UsageError: It is not such a worksheet, or its columns cannot be identified.
    """
    columns = find_columns(worksheet, grades, comments)
    scale = Scale(check_scale(of, marks.of, columns.max_grade), decimals)
    filling = Filling(
        *(worksheet, columns.identifiers, columns.grades, columns.comments, scale)
    )
    numbers = worksheet.column(columns.grades) + worksheet.column(columns.grades + 1)
    filling.point = find_point(numbers)
    if worksheet.separator != "," or worksheet.encoding != "utf-8":
        filling.told.append(
            f"Moodle imports UTF-8 with commas, and this is {worksheet.describe()}: "
            "say so where you upload it."
        )
    filling.told.insert(0, _tell_columns(worksheet, columns))
    others = [c for c in range(columns.grades) if c != columns.identifiers]
    find_others = find_by_ids(worksheet, others, NAME)
    participants = _number_rows(worksheet, columns.identifiers)

    def find_rows(person: Person) -> Collection[int]:
        if person.system == NAME:
            return participants.get(_read_number(person.id), ())
        return find_others(person)

    filling.fill(marks, find_rows)
    return filling


def find_columns(worksheet: Worksheet, grades: str, comments: str) -> Columns:
    """Find the columns of a grading worksheet by their position and content.

    Raises:
        UsageError: A column cannot be identified, or is missing.
    """
    columns = range(len(worksheet.header))
    identifiers = next((c for c in columns if _are_identifiers(worksheet, c)), None)
    if identifiers is None or not worksheet.rows:
        raise UsageError(
            f"{worksheet.path} is no grading worksheet of Moodle's: no column holds a "
            "number of its own in every row, such as 'Participant 123'. Download it "
            f"again. Its columns are: {_list_header(worksheet)}."
        )
    found = [c for c in columns if c > identifiers and _is_max_grade(worksheet, c)]
    if grades:
        found = [_find_header(worksheet, grades, "--grade-column") + 1]
    # A column with one grade in all rows, after an empty one, would fit as well.
    best = parse_number(worksheet.cell(1, found[-1])) if found else None
    if best is None:
        raise UsageError(
            f"{worksheet.path}: the column of grades cannot be told. Expected one with "
            "numbers or nothing in it, and the highest grade in every row of the next. "
            "(A scale of words cannot be filled in.) --grade-column HEADER names it: "
            f"{_list_header(worksheet)}."
        )
    place = found[-1] - 1
    if comments:
        last = _find_header(worksheet, comments, "--comment-column")
        return Columns(identifiers, place, last, best)
    return Columns(identifiers, place, _find_comments(worksheet), best)


def pack_feedback(filling: Filling, pages: Path) -> bytes:
    """Return a zip of feedback pages, as Moodle accepts them for a whole class.

    Args:
        filling: Whose marks are returned; it records which pages are missing.
        pages: The folder of the pages.
    """
    buffer, missing = io.BytesIO(), []
    with zipfile.ZipFile(buffer, "w") as archive:
        for row, mark in sorted(filling.returned.items()):
            page = pages / f"{file_stem(mark.person.student)}.html"
            number = _read_number(filling.worksheet.cell(row, filling.keys))
            name = make_key(mark.person.name, "").replace("_", " ")
            info = zipfile.ZipInfo(f"{name}_{number}{FOLDER_END}/feedback.html")
            info.external_attr = 0o100644 << 16
            if page.is_file():
                archive.writestr(info, page.read_bytes(), zipfile.ZIP_DEFLATED)
            else:
                missing.append(mark.who)
    if missing:
        filling.told.append(
            f"{len(missing)} have no page in {pages}: {enumerate_names(missing)}."
        )
    return buffer.getvalue()


def _tell_columns(worksheet: Worksheet, columns: Columns) -> str:
    header = worksheet.header
    told = f"Grades go into the column {show(header[columns.grades])}"
    if columns.comments is None:
        return f"{told}; there is no column of comments."
    return f"{told}, comments into {show(header[columns.comments])}."


def _list_header(worksheet: Worksheet) -> str:
    return ", ".join(map(show, worksheet.header))


def _find_header(worksheet: Worksheet, name: str, option: str) -> int:
    found = [c for c, header in enumerate(worksheet.header) if header.strip() == name]
    if len(found) != 1 or found[0] + 1 > len(worksheet.header):
        raise UsageError(
            f"{worksheet.path} has no column {show(name)}, or several. {option} takes "
            f"one of: {_list_header(worksheet)}."
        )
    return found[0]


def _read_number(text: str) -> int | None:
    """Return the number at the end of an identifier, in any language."""
    found = re.search(r"(\d+)\s*\Z", text)
    return int(found[1]) if found else None


def _number_rows(worksheet: Worksheet, column: int) -> dict[int | None, list[int]]:
    rows: dict[int | None, list[int]] = {}
    for row in worksheet.rows:
        rows.setdefault(_read_number(worksheet.cell(row, column)), []).append(row)
    return rows


def _are_identifiers(worksheet: Worksheet, column: int) -> bool:
    numbers = [_read_number(text) for text in worksheet.column(column)]
    return None not in numbers and len(set(numbers)) == len(numbers)


def _is_max_grade(worksheet: Worksheet, column: int) -> bool:
    """Whether a column holds one number in all rows, after one of lower grades."""
    best = {parse_number(text) for text in worksheet.column(column)}
    if len(best) != 1:
        return False
    (most,) = best
    if most is None or most <= 0:
        return False
    grades = [text.strip() for text in worksheet.column(column - 1)]
    numbers = [parse_number(text) for text in grades if text not in ("", "-")]
    return all(number is not None and number <= most for number in numbers)


def _find_comments(worksheet: Worksheet) -> int | None:
    """Return the last column, unless it holds the times of the last changes."""
    last = len(worksheet.header) - 1
    if not any(worksheet.column(last)):
        return last  # Moodle writes "-" for no time
    is_behind_times = _are_times(worksheet.column(last - 1))
    return last if is_behind_times or not _are_times(worksheet.column(last)) else None


def _are_times(texts: Iterable[str]) -> bool:
    return all(re.search(r"\d{4}|\A\s*-\s*\Z", text) for text in texts)
