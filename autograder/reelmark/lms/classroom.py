"""Clones of git repositories: Classroom 50's, or any folder of them.

Each folder is one student's. Beside them there may be ``scores.csv``, which says who
the students are; then the part before a username in a folder's name is the classroom
and the assignment. Git is not run here: a repository's contents are a stranger's.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping

from reelmark.errors import RefusedSubmission
from reelmark.intake.kinds import MEGABYTE
from reelmark.intake.submissions import name_student
from reelmark.lms.downloads import Item, Place
from reelmark.lms.readings import Handed, Reading, Wanted, list_strays, tell_apart
from reelmark.lms.roster import Person, read_time

NAME = "classroom"
TITLE = "Git clones"

SCORES = "scores.csv"
MAX_SCORES = 16 * MEGABYTE

_LATE = {"true": "yes", "1": "yes", "yes": "yes", "false": "no", "0": "no", "no": "no"}
_Row = Mapping[str, str | None]


def read(place: Place, wanted: Wanted) -> Reading:  # noqa: ARG001
    """Read a place as a folder of clones."""
    scores, told = _read_scores(place)
    folders = [item for item in place.visible if item.is_folder]
    clones = [item for item in folders if scores or _is_clone(place, item)]
    if not clones:
        why_not = f"no folder is a clone of a repository, and there is no {SCORES}"
        return Reading(why_not=why_not)
    known = [item for item in (place.find(SCORES),) if item and scores]
    return Reading(
        tell_apart(_describe(item, _find_row(item, scores)) for item in clones),
        num_fitting=len(clones) + len(known),
        strays=list_strays(place, [*clones, *known]),
        told=told,
    )


def _is_clone(place: Place, folder: Item) -> bool:
    return any(item.name == ".git" for item in place.download.items(folder.at))


def _read_scores(place: Place) -> tuple[list[_Row], tuple[str, ...]]:
    item = place.find(SCORES)
    if item is None or item.is_folder:
        return [], ()
    try:
        text = place.read_text(item, MAX_SCORES)
        rows = list(csv.DictReader(text.splitlines(), strict=True))
    except (RefusedSubmission, csv.Error) as error:
        return [], (f"{SCORES} cannot be used, so nobody has a name: {error}",)
    return [row for row in rows if row.get("username")], ()


def _find_row(folder: Item, scores: Iterable[_Row]) -> _Row:
    """Return what is known about a folder's owner: the longest username that fits."""
    name = folder.name.casefold()
    fitting = [
        row
        for row in scores
        if f"-{name}".endswith(f"-{str(row['username']).casefold()}")
    ]
    return max(fitting, key=lambda row: len(str(row["username"])), default={})


def _describe(folder: Item, row: _Row) -> Handed:
    key = name_student(folder.name, is_folder=True)
    about = {name: value or "" for name, value in row.items() if isinstance(name, str)}
    username = about.get("username", "")
    full = f"{about.get('first_name', '')} {about.get('last_name', '')}".strip()
    person = Person(
        *(key, full or username or folder.name, NAME),
        username=username,
        email=about.get("email", ""),
        submitted=read_time(about.get("datetime", "")),
        late=_LATE.get(about.get("late", "").casefold(), ""),
        group=about.get("section", ""),
    )
    return Handed(key, (person,), {(): folder})
