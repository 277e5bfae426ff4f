"""Gradescope: its export, and a table of marks like its own.

An export has a folder for each submission, and a file that says whose they are. The
keys of ``submission_metadata.yml`` are names of folders; any of the other keys may be
missing. It is read without building objects: an id stays a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from reelmark.errors import RefusedSubmission
from reelmark.intake.kinds import MEGABYTE, show
from reelmark.lms.downloads import Item, Place
from reelmark.lms.marks import Marks, Scale
from reelmark.lms.readings import Handed, Reading, Wanted, tell_apart
from reelmark.lms.returning import enumerate_names
from reelmark.lms.roster import Person, make_key, read_time

NAME = "gradescope"
TITLE = "Gradescope"

METADATA = "submission_metadata.yml"
MAX_METADATA = 64 * MEGABYTE

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOTHING = frozenset({"", "~", "null"})


def read(place: Place, wanted: Wanted) -> Reading:  # noqa: ARG001
    """Read a place as Gradescope's export, with what its metadata say."""
    item = place.find(METADATA)
    if item is None or item.is_folder:
        return Reading(why_not=f"there is no {METADATA}")
    metadata: dict[str, Any] = {}
    try:
        metadata = _load(place.read_text(item, MAX_METADATA))
        told = _compare(place, metadata)
    except (RefusedSubmission, ValueError, RecursionError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        told = [f"{METADATA} cannot be used, so nobody has a name: {reason}"]
    folders = [each for each in place.visible if each.is_folder]
    missing = [
        _describe(name, metadata[name], None)
        for name in metadata
        if name not in {folder.name for folder in folders}
    ]
    handed = [_describe(each.name, metadata.get(each.name), each) for each in folders]
    loose = [i for i in place.visible if not i.is_folder and i != item]
    return Reading(
        tell_apart([*handed, *missing]),
        num_fitting=len(folders) + 1,
        strays=tuple(show(each.name) for each in loose),
        told=tuple(told),
    )


def _load(text: str) -> dict[str, Any]:
    """Return the metadata, with every value as text.

    Raises:
        ValueError: It is not a mapping.
        yaml.YAMLError: It is not YAML, or is nested too deeply for libyaml.
        RecursionError: It is nested too deeply for Python.
    """
    # This loader turns everything into text, and builds no objects.
    loaded = yaml.load(text, Loader=_Loader)
    if not isinstance(loaded, dict):
        raise ValueError("it is no mapping of folders to what is known of them")
    return {name: about for name, about in loaded.items() if isinstance(name, str)}


def _compare(place: Place, metadata: Mapping[str, Any]) -> list[str]:
    folders = {each.name for each in place.visible if each.is_folder}
    named = {name for name, about in metadata.items() if _find_submitters(about)}
    unknown = [show(name) for name in sorted(folders - named)]
    missing = [show(name) for name in sorted(set(metadata) - folders)]
    told = []
    if unknown:
        told.append(
            f"{METADATA} does not say whose these are: {enumerate_names(unknown)}"
        )
    if missing:
        told.append(f"{METADATA} names what is not there: {enumerate_names(missing)}")
    return told


def _describe(name: str, about: Any, folder: Item | None) -> Handed:
    about = about if isinstance(about, dict) else {}
    named = _find_submitters(about)
    first = next(iter(named), (name, "", ""))
    key = make_key(first[0] or name, first[1] or first[2])
    history = about.get(":history")
    people = tuple(
        Person(
            *(key, shown or name, NAME),
            id=sid,
            email=email,
            submitted=read_time(_text(about.get(":created_at"))),
            attempt=str(len(history) + 1) if isinstance(history, list) else "",
            group=name if len(named) > 1 else "",
        )
        for shown, sid, email in named or [first]
    )
    return Handed(key, people, {(): folder} if folder else {})


def _find_submitters(about: Any) -> list[tuple[str, str, str]]:
    """Return name, id and address of each of those who handed in, sorted."""
    submitters = about.get(":submitters") if isinstance(about, dict) else None
    listed = submitters if isinstance(submitters, list) else []
    return sorted(_name(each) for each in listed if isinstance(each, dict))


def _name(submitter: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return name, id and address of one of those who handed in."""
    name, sid, email = (
        _text(submitter.get(key)) for key in (":name", ":sid", ":email")
    )
    return name, sid, email


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value not in _NOTHING else ""


def list_marks(marks: Marks, scale: Scale) -> list[list[str | float]]:
    """Return a table of marks: one row per person, as in Gradescope's own exports."""
    rows: list[list[str | float]] = [
        ["Name", "SID", "Email", "Total Score", "Max Points", "Status"]
    ]
    for mark in marks.marks:
        person, status = mark.person, mark.result.status
        score, most = float(scale.apply(mark)), float(scale.of)
        rows.append([person.name, person.id, person.email, score, most, status])
    return rows
