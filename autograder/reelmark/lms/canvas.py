"""Canvas: its downloads, and gradebooks that were exported from it.

In a download, all files lie loose in one folder. A file that was handed in again gets
a number before its suffix: ``cnn-1.py`` is ``cnn.py``, and the highest number counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from reelmark.errors import UsageError
from reelmark.intake.kinds import Parts, fold, show
from reelmark.lms.downloads import Item, Place
from reelmark.lms.marks import Marks, Scale, parse_number
from reelmark.lms.readings import Handed, Reading, Wanted, list_strays, tell_apart
from reelmark.lms.returning import Filling, check_scale, find_by_ids, find_point
from reelmark.lms.roster import Person, make_key
from reelmark.lms.worksheet import Worksheet

NAME = "canvas"
TITLE = "Canvas"

ANONYMOUS = "anon"
EXCUSED = frozenset({"ex"})
"""What a gradebook holds for students who are excused from an assignment."""

_FILE = r"_(?P<attachment>\d+)_(?P<file>.+)"
_ANONYMOUS = r"(?P<late>LATE_)?(?P<name>anon)_(?P<id>[A-Za-z0-9]+)"
_NAMED = r"(?P<name>.+?)(?P<late>_LATE)?_(?P<id>\d+)"
# Text that was typed instead of handed in as a file has no attachment number.
_TYPED = r"_(?P<file>(?:text|link)\.html?)"
_PATTERNS = (
    *(_ANONYMOUS + _FILE, _ANONYMOUS + _TYPED),
    *(_NAMED + _FILE, _NAMED + _TYPED),
)
_TITLE = re.compile(r"\((\d+)\)\s*\Z")
_FIRST_COLUMNS = 8
"""Names and ids are in the first columns, assignments after them."""
_OF_OTHERS = re.compile(r"_assignsubmission_|_attempt_\d{4}-\d\d-\d\d-", re.ASCII)
_NUMBERED = re.compile(r"(?P<stem>.+)-(?P<number>\d{1,9})(?P<ending>\.\w+)", re.ASCII)


def read(place: Place, wanted: Wanted) -> Reading:  # noqa: ARG001
    """Read the names in a place as Canvas writes them."""
    found = {item: match for item in place.items if (match := parse(item))}
    if not found:
        why_not = "no name is like 'lovelaceada_123_4567_cnn.py'"
        return Reading(why_not=why_not)
    files: dict[tuple[str, str], list[_File]] = {}
    for item, match in found.items():
        owner = (match["id"], match["name"])
        files.setdefault(owner, []).append(_File(match, item))
    return Reading(
        tell_apart(_describe(*owner, own) for owner, own in files.items()),
        num_fitting=len(found),
        strays=list_strays(place, found),
    )


def parse(item: Item) -> re.Match[str] | None:
    """Return whose an item is, if its name has Canvas's form."""
    if item.is_folder or _OF_OTHERS.search(item.name):
        return None
    for pattern in _PATTERNS:
        if match := re.fullmatch(pattern, item.name, re.ASCII):
            return match
    return None


@dataclass(frozen=True)
class _File:
    """Somebody's file, and what its name says about it."""

    match: re.Match[str]
    item: Item

    @property
    def is_typed(self) -> bool:
        return "attachment" not in self.match.groupdict()

    @property
    def version(self) -> tuple[str, int]:
        """Its name when it was handed in, and how often it had been before."""
        name = self.match["file"]
        if numbered := _NUMBERED.fullmatch(name):
            return numbered["stem"] + numbered["ending"], int(numbered["number"])
        return name, 0

    @property
    def age(self) -> tuple[int, int]:
        """Sorts later files after earlier ones."""
        return self.version[1], int(self.match["attachment"])


def _describe(own_id: str, name: str, own: Iterable[_File]) -> Handed:
    versions: dict[str, list[_File]] = {}
    for file in own:
        if not file.is_typed:
            versions.setdefault(fold(file.version[0]), []).append(file)
    pieces: dict[Parts, Item] = {}
    notes = []
    for files in versions.values():
        *earlier, latest = sorted(files, key=lambda each: each.age)
        pieces[latest.version[0],] = latest.item
        notes += [_note(file, latest) for file in earlier]
    key = make_key(name, own_id)
    most = max((f.version[1] for f in own if not f.is_typed), default=0)
    person = Person(
        *(key, name, NAME, own_id),
        late="yes" if any(file.match["late"] for file in own) else "no",
        attempt=str(most + 1),
    )
    return Handed(key, (person,), pieces, tuple(notes))


def _note(earlier: _File, latest: _File) -> str:
    first, last = show(earlier.match["file"]), show(latest.match["file"])
    return f"{first} was handed in again as {last}, which counts."


def fill(
    worksheet: Worksheet,
    marks: Marks,
    of: Decimal | None,
    decimals: int,
    assignment: str,
) -> Filling:
    """Fill in a gradebook that was exported from Canvas.

    Args:
        worksheet: The teacher's, as Canvas gave it.
        marks: The marks of the class.
        of: The maximum of the grades; by default, the assignment's.
        decimals: How many decimals grades have.
        assignment: Its column's header, ``Title (id)``, or only its id; if empty,
            the only one there is.

    Raises:
        UsageError: It is not such a gradebook, or its columns cannot be identified.
    """
    if {mark.person.name for mark in marks.marks} == {ANONYMOUS}:
        raise UsageError(
            "These submissions were downloaded without names, and a gradebook has no "
            "anonymous ids. Turn anonymous grading off, download again and mark that."
        )
    grades = _find_assignment(worksheet, assignment)
    keys = _find_ids(worksheet, marks, grades)
    best = _find_points(worksheet, keys, grades)
    scale = Scale(check_scale(of, marks.of, best), decimals)
    filling = Filling(worksheet, keys, grades, None, scale, fixed=EXCUSED)
    filling.point = find_point(worksheet.column(grades))
    filling.told.append(
        "Canvas takes no feedback pages but one by one, or through its API: hand out "
        "the folder feedback/ in another way."
    )
    others = [c for c in range(min(grades, _FIRST_COLUMNS)) if c != keys]
    find_by_id = find_by_ids(worksheet, [keys], NAME)
    find_others = find_by_ids(worksheet, others, NAME)

    def find_rows(person: Person) -> Collection[int]:
        return (find_by_id if person.system == NAME else find_others)(person)

    filling.fill(marks, find_rows)
    return filling


def _find_assignment(worksheet: Worksheet, assignment: str) -> int:
    headers = {c: name.strip() for c, name in enumerate(worksheet.header)}
    titles = {c: found for c, name in headers.items() if (found := _TITLE.search(name))}
    wanted = assignment.strip()
    fitting = [
        column
        for column, found in titles.items()
        if not wanted or wanted in (headers[column], found[1])
    ]
    if len(fitting) == 1:
        return fitting[0]
    choices = ", ".join(show(headers[column]) for column in titles) or "none"
    asked = f"no column {show(wanted)}, or several" if wanted else "several assignments"
    raise UsageError(
        f"{worksheet.path} has {asked if titles else 'no assignments'}. --assignment "
        f'"Title (id)" names one; there are: {choices}.'
    )


def _find_ids(worksheet: Worksheet, marks: Marks, grades: int) -> int:
    """Return the column of Canvas's own ids: numbers, most of them known."""
    known = {mark.person.id for mark in marks.marks if mark.person.system == NAME}
    columns = range(min(grades, _FIRST_COLUMNS))
    named = [c for c in columns if worksheet.header[c].strip() == "ID"]
    counts = {c: len(known.intersection(worksheet.column(c))) for c in columns}
    best = max(columns, key=lambda column: counts[column], default=0)
    if counts.get(best):
        return best
    if named:
        return named[0]
    raise UsageError(
        f"{worksheet.path} is no gradebook of Canvas's: it has no column 'ID'. Export "
        "it again, and name that file."
    )


def _find_points(worksheet: Worksheet, keys: int, grades: int) -> Decimal | None:
    """Return the points possible: a number in a row above the students."""
    for row in worksheet.rows:
        if worksheet.cell(row, keys).strip():
            return None
        if points := parse_number(worksheet.cell(row, grades)):
            return points
    return None
