"""Plain folders and zips: one a student, called as they are."""

from __future__ import annotations

from reelmark.intake.kinds import show
from reelmark.intake.submissions import is_upload, name_student
from reelmark.lms.downloads import Item, Place
from reelmark.lms.readings import Handed, Reading, Wanted, tell_apart
from reelmark.lms.roster import Person

NAME = "plain"
TITLE = "Plain folders and zips"


def read(place: Place, wanted: Wanted) -> Reading:
    """Read every folder and every archive in a place as a student."""
    found = [item for item in place.items if _is_upload(item)]
    loose = [item.name for item in place.items if item not in found]
    if modules := sorted(wanted.files.intersection(loose)):
        why_not = (
            f"{show(modules[0])} lies loose, so this is one student's work: put it "
            "into a folder of their own, and that into another"
        )
        return Reading(why_not=why_not)
    if not found:
        return Reading(why_not="there are no folders and no zips")
    return Reading(
        tell_apart(_describe(item) for item in found),
        num_fitting=len(found),
        strays=tuple(map(show, loose)),
    )


def _is_upload(item: Item) -> bool:
    return is_upload(item.name, is_folder=item.is_folder)


def _describe(item: Item) -> Handed:
    key = name_student(item.name, is_folder=item.is_folder)
    name = () if item.is_folder else (item.name,)
    return Handed(key, (Person(key, key, NAME),), {name: item})
