"""nbgrader's ``submitted/``: ``<student>/<assignment>/`` with a time stamp in it."""

from __future__ import annotations

from reelmark.errors import RefusedSubmission, UsageError
from reelmark.intake.submissions import name_student
from reelmark.lms.downloads import Item, Place
from reelmark.lms.readings import Handed, Reading, Wanted, list_strays, tell_apart
from reelmark.lms.roster import Person, read_time

NAME = "nbgrader"
TITLE = "nbgrader"

STAMP = "timestamp.txt"
MAX_STAMP = 100

_Work = dict[Item, list[Item]]
"""The assignments of each student."""


def read(place: Place, wanted: Wanted) -> Reading:
    """Read a place as nbgrader's folder of submissions.

    Raises:
        UsageError: Modules were handed in for several assignments.
    """
    work = {
        item: _list_folders(place, item) for item in place.visible if item.is_folder
    }
    found = {student: each for student, each in work.items() if each}
    if not any(place.enter(i).find(STAMP) for each in found.values() for i in each):
        why_not = f"no folder is <student>/<assignment>/ with a {STAMP}"
        return Reading(why_not=why_not)
    assignment = wanted.assignment or _choose_assignment(place, found, wanted)
    return Reading(
        tell_apart(
            _describe(place, student, [i for i in each if i.name == assignment])
            for student, each in found.items()
        ),
        num_fitting=len(found),
        strays=list_strays(place, found),
    )


def _list_folders(place: Place, student: Item) -> list[Item]:
    return [item for item in place.enter(student).visible if item.is_folder]


def _choose_assignment(place: Place, found: _Work, wanted: Wanted) -> str:
    """Return the one assignment that modules were handed in for."""
    names = {item.name for each in found.values() for item in each}
    holding = {
        item.name
        for each in found.values()
        for item in each
        if any(file.name in wanted.files for file in place.enter(item).visible)
    }
    choices = sorted(holding or names)
    if len(choices) > 1:
        raise UsageError(
            f"{place.download.path} holds several assignments with the modules "
            f"({', '.join(choices[:5])}). Name one: --from {NAME}:{choices[0]}"
        )
    return choices[0]


def _describe(place: Place, student: Item, work: list[Item]) -> Handed:
    key = name_student(student.name, is_folder=True)
    submitted = _read_stamp(place.enter(work[0])) if work else ""
    person = Person(key, student.name, NAME, username=student.name, submitted=submitted)
    return Handed(key, (person,), {(): work[0]} if work else {})


def _read_stamp(work: Place) -> str:
    item = work.find(STAMP)
    if item is None:
        return ""
    try:
        return read_time(work.read_text(item, MAX_STAMP))
    except RefusedSubmission:
        return ""
