"""Moodle's downloads: what it calls what was handed in.

A participant's id stands behind the name, in which Moodle turns every underscore into
a space. Files come in a folder each (the default), or all in one folder. Moodle tells
neither when something was handed in nor whether it was late.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reelmark.intake.kinds import Parts
from reelmark.lms.downloads import Item, Pieces, Place
from reelmark.lms.readings import (
    Handed,
    Reading,
    Wanted,
    list_strays,
    mount,
    tell_apart,
)
from reelmark.lms.roster import Person, make_key

NAME = "moodle"
TITLE = "Moodle"

_OWNER = r"(?:(?P<group>[^_]*)_\d+_)?(?P<name>[^_]*)_(?P<id>\d+)"
_PLUGIN = r"_assignsubmission_(?P<plugin>[a-z]+)"
# The second of each is for names that kept an underscore, as no Moodle writes them.
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
    """Return whose an item is, as far as its name is one of Moodle's."""
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
