"""The roster: who handed in what, and their names in the LMS.

``roster.csv`` lies beside the results: one row per person; members of a group share a
``student``, which is the name in results and pages.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.files import write_rows
from reelmark.intake.submissions import ROSTER
from reelmark.intake.tables import read_table

PLAIN = "plain"
"""The system of people who come from no LMS."""
MAX_NAME = 60  # bytes; a name and an id together fit into a file name

_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T _-](\d\d)[:-](\d\d)[:-](\d\d)(?:\.\d+)?"
    r"\s*(Z|UTC|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_NEUTRAL = re.compile(r"\A'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


@dataclass(frozen=True)
class Person:
    """One person of a class.

    Attributes:
        student: The name of their submission in results, pages and adjustments.
        name: Their name as the LMS shows it.
        system: The LMS that the ids below belong to.
        id: Their number there: a participant's, a user's, a student's.
        username: What they log in with, if the download says it.
        email: Their address, if the download says it.
        submitted: When they handed in, according to the LMS.
        late: ``yes``, ``no``, or empty if the download does not say.
        attempt: Which attempt counts, from 1, if the download says it.
        group: Their group, or their section.
    """

    student: str
    name: str
    system: str
    id: str = ""
    username: str = ""
    email: str = ""
    submitted: str = ""
    late: str = ""
    attempt: str = ""
    group: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Everything that identifies them, except their name."""
        return tuple(filter(None, (self.id, self.username, self.email, self.student)))


COLUMNS = tuple(field.name for field in fields(Person))


def write_roster(people: Iterable[Person], folder: Path) -> Path:
    """Write ``roster.csv`` into a folder, which is made if missing."""
    rows = [list(asdict(person).values()) for person in people]
    path = folder / ROSTER
    write_rows([COLUMNS, *sorted(rows)], path)
    return path


def read_roster(folder: Path) -> list[Person]:
    """Read the roster in a folder of results; empty if there is none.

    Raises:
        UsageError: It is not in the form of `write_roster`; the message says where.
    """
    path = folder / ROSTER
    if not path.exists():
        return []
    anew = "`reelmark grade` writes it anew: mark again; what has not changed is kept."
    try:
        rows = read_table(path, COLUMNS).rows
    except UsageError as error:
        raise UsageError(f"{error} {anew}") from error
    if faults := [row for row in rows if row.fault]:
        raise UsageError(f"{path}, line {faults[0].line}: {faults[0].fault}. {anew}")
    return [_read_person(row.cells) for row in rows]


def restore_text(cell: str) -> str:
    """Return what `write_rows` was given, which may look like a formula.

    Examples:
        >>> restore_text("'=x"), restore_text("'s")
        ('=x', "'s")
    """
    return _NEUTRAL.sub("", cell, count=1)


def make_key(name: str, own_id: str) -> str:
    """Return a name for a submission: a readable name and a unique id.

    It is the same for every download, whoever else is in the class, and can be a
    file name.

    Examples:
        >>> make_key("Zoë =O'Brien_|", "00123")
        "Zoë O'Brien 00123"
    """
    words = _clean(name, " .'\u2019-")
    while len(words.encode("utf-8")) > MAX_NAME:
        words = words[:-1]
    key = f"{words.strip(_EDGES)} {_clean(own_id, '_@.-')}"
    return key.strip(_EDGES) or "student"


def read_time(text: str) -> str:
    """Return a time as rosters hold it; empty if the text does not begin with one.

    Examples:
        >>> read_time("2026-03-06T16:55:03.123Z")
        '2026-03-06 16:55:03 UTC'
        >>> read_time("2026-03-06-16-55-03")
        '2026-03-06 16:55:03'
    """
    if not (found := _TIME.match(text.strip())):
        return ""
    date, hours, minutes, seconds, zone = found.groups()
    zone = "UTC" if zone == "Z" else zone
    return f"{date} {hours}:{minutes}:{seconds}{f' {zone}' if zone else ''}"


_EDGES = " .'\u2019-"


def _clean(text: str, kept: str) -> str:
    """Return letters, digits and what is in ``kept``; all else becomes a space."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join(
        "".join(
            char if unicodedata.category(char)[0] in "LMN" or char in kept else " "
            for char in composed
        ).split()
    )


def _read_person(cells: Mapping[str, str]) -> Person:
    return Person(**{column: restore_text(cells[column]) for column in COLUMNS})
