"""Canvas's downloads: what it calls what was handed in.

All files lie loose in one folder. One that was handed in again gets a number before
its ending: ``cnn-1.py`` is ``cnn.py``, and the highest number counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reelmark.intake.kinds import Parts, fold, show
from reelmark.lms.downloads import Item, Place
from reelmark.lms.readings import Handed, Reading, Wanted, list_strays, tell_apart
from reelmark.lms.roster import Person, make_key

NAME = "canvas"
TITLE = "Canvas"

_FILE = r"_(?P<attachment>\d+)_(?P<file>.+)"
_ANONYMOUS = r"(?P<late>LATE_)?(?P<name>anon)_(?P<id>[A-Za-z0-9]+)"
_NAMED = r"(?P<name>.+?)(?P<late>_LATE)?_(?P<id>\d+)"
# What was typed instead of handed in as a file has no attachment's number.
_TYPED = r"_(?P<file>(?:text|link)\.html?)"
_PATTERNS = (
    *(_ANONYMOUS + _FILE, _ANONYMOUS + _TYPED),
    *(_NAMED + _FILE, _NAMED + _TYPED),
)
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
    """Return whose an item is, as far as its name is one of Canvas's."""
    if item.is_folder or _OF_OTHERS.search(item.name):
        return None
    for pattern in _PATTERNS:
        if match := re.fullmatch(pattern, item.name, re.ASCII):
            return match
    return None


@dataclass(frozen=True)
class _File:
    """A file of somebody's, and what its name says of it."""

    match: re.Match[str]
    item: Item

    @property
    def is_typed(self) -> bool:
        return "attachment" not in self.match.groupdict()

    @property
    def version(self) -> tuple[str, int]:
        """What it was called when it was handed in, and how often before."""
        name = self.match["file"]
        if numbered := _NUMBERED.fullmatch(name):
            return numbered["stem"] + numbered["ending"], int(numbered["number"])
        return name, 0

    @property
    def age(self) -> tuple[int, int]:
        """Sorts a later file behind an earlier one."""
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
