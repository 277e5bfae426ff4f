"""Plain folders and zips, one per student; and marks as a plain table."""

from __future__ import annotations

from reelmark.errors import UsageError
from reelmark.intake.kinds import show
from reelmark.intake.submissions import is_upload, name_student
from reelmark.lms.downloads import Item, Place
from reelmark.lms.marks import Marks, Scale
from reelmark.lms.readings import Handed, Reading, Wanted, tell_apart
from reelmark.lms.roster import COLUMNS, PLAIN, Person

NAME = PLAIN
TITLE = "Plain folders and zips"


def read(place: Place, wanted: Wanted) -> Reading:
    """Read every folder and every archive in a place as a student."""
    found = [item for item in place.visible if _is_upload(item)]
    loose = [item.name for item in place.visible if item not in found]
    why_not = "" if found else "there are no folders and no zips"
    if modules := sorted(wanted.files.intersection(loose)):
        why_not = (
            f"{show(modules[0])} lies loose, so this is one student's work: put it "
            "into a folder of their own, and that into another"
        )
    return Reading(
        tell_apart(_describe(item) for item in found),
        num_fitting=len(found),
        strays=tuple(map(show, loose)),
        why_not=why_not,
    )


def _is_upload(item: Item) -> bool:
    return is_upload(item.name, is_folder=item.is_folder)


def _describe(item: Item) -> Handed:
    key = name_student(item.name, is_folder=item.is_folder)
    name = () if item.is_folder else (item.name,)
    return Handed(key, (Person(key, key, NAME),), {name: item})


def list_marks(marks: Marks, scale: Scale, by: str) -> list[list[str | float]]:
    """Return a table of marks by any column of the roster: one row per person.

    Raises:
        UsageError: The roster has no such column, or it is empty for somebody.
    """
    if by not in COLUMNS:
        raise UsageError(
            f"The roster has no column {show(by)}. --by takes one of: "
            f"{', '.join(COLUMNS)}."
        )
    rows: list[list[str | float]] = [[by, "marks", "of", "status"]]
    for mark in marks.marks:
        own = str(getattr(mark.person, by))
        if not own:
            raise UsageError(
                f"The roster's column {by!r} is empty for {mark.who}. Name another "
                "with --by, such as student."
            )
        status = mark.result.status
        rows.append([own, float(scale.apply(mark)), float(scale.of), status])
    return rows
