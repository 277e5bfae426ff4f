"""Shapes: which system a download comes from, and what is taken from it.

No questions are asked. If the system cannot be recognised, the message says which
ones were considered, why each did not fit, and what to type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from reelmark.errors import RefusedSubmission, UsageError
from reelmark.intake.kinds import show
from reelmark.intake.submissions import (
    Upload,
    find_uploads,
    is_upload,
    unrecognised,
)
from reelmark.lms import (
    blackboard,
    canvas,
    classroom,
    gradescope,
    moodle,
    nbgrader,
    plain,
)
from reelmark.lms.downloads import FolderDownload, Place, open_download
from reelmark.lms.readings import Reading, Wanted, find_twins, make_upload
from reelmark.lms.roster import Person, write_roster
from reelmark.text import printable

ENOUGH = 0.5
"""The share of names at the top that must have a system's form."""

MAX_WRAPPERS = 3
"""How many folders or zips may be wrapped around a download, one inside the other."""


class System(Protocol):
    """A module that reads one system's downloads."""

    NAME: str
    TITLE: str

    def read(self, place: Place, wanted: Wanted) -> Reading:
        """Read the names in a place as that system writes them."""


_ALL: tuple[System, ...] = (
    *(moodle, canvas, blackboard, gradescope, nbgrader, classroom, plain),
)
SYSTEMS: Mapping[str, System] = {system.NAME: system for system in _ALL}
"""What ``--from`` takes."""


@dataclass(frozen=True)
class Received:
    """A class as handed in.

    Attributes:
        uploads: What marking takes, sorted by student.
        people: The people, including those with nothing to mark.
        told: What was seen and taken, one sentence each.
    """

    uploads: tuple[Upload, ...]
    people: tuple[Person, ...]
    told: tuple[str, ...]

    def write_roster(self, folder: Path) -> None:
        """Write the roster of the people beside the results."""
        write_roster(self.people, folder)


@contextmanager
def receive(
    path: Path, modules: tuple[str, ...], origin: str = ""
) -> Iterator[Received]:
    """Open a download while it is marked.

    Args:
        path: A zip or a folder, as it came.
        modules: Names of the modules that are marked, without ``.py``.
        origin: One of `SYSTEMS`, if it cannot be recognised; else empty. An
            assignment may follow, after a colon, if there are several.

    Raises:
        UsageError: It cannot be opened, read or recognised.
    """
    system, _, assignment = origin.partition(":")
    if system not in ("", *SYSTEMS):
        known = ", ".join(SYSTEMS)
        raise UsageError(f"There is no system {system!r}. --from takes: {known}.")
    wanted = Wanted(modules, assignment)
    with ExitStack() as stack:
        download = stack.enter_context(open_download(path))
        places = list(_unwrap(Place(download), stack))
        place, chosen, reading = _recognise(places, wanted, system)
        if chosen is plain and _is_folder(place):
            # Two submissions of one student are refused, as in a plain folder.
            yield _receive_plain(path, reading)
        else:
            yield _receive(place, chosen, reading)


def _unwrap(place: Place, stack: ExitStack) -> Iterator[Place]:
    """Yield a place and, as long as it holds only one thing, what lies in it."""
    yield place
    for _ in range(MAX_WRAPPERS):
        if len(place.visible) != 1:
            return
        (only,) = place.visible
        if only.is_folder:
            place = place.enter(only)
        elif only.is_zip:
            try:
                inner = stack.enter_context(place.download.open_zip(only))
            except RefusedSubmission:
                return  # it belongs to a student, who will be told
            place = Place(inner)
        else:
            return
        yield place


def _recognise(
    places: list[Place], wanted: Wanted, name: str
) -> tuple[Place, System, Reading]:
    """Return where a download begins, its system, and its reading."""
    asked = [SYSTEMS[name]] if name else _ALL
    systems = [system for system in asked if system is not plain]
    for place in places:
        readings = {system: system.read(place, wanted) for system in systems}
        least = 0.0 if name else ENOUGH
        fitting = [s for s, r in readings.items() if r.handed and r.share >= least]
        if len(fitting) > 1:
            raise UsageError(_describe_choice(place, readings))
        if fitting:
            return place, fitting[0], readings[fitting[0]]
    readings = {system: system.read(places[0], wanted) for system in systems}
    if plain in asked:
        place = _find_class(places, wanted)
        readings[plain] = reading = plain.read(place, wanted)
        if reading.handed and (not reading.why_not or _is_folder(place)):
            others = [(s, r) for s, r in readings.items() if s is not plain]
            told = tuple(_suggest(s, r) for s, r in others if r.handed)
            return place, plain, replace(reading, told=told)
    raise UsageError(_describe_failure(places[0], readings))


def _is_folder(place: Place) -> bool:
    """Whether a place is the folder that was named."""
    return isinstance(place.download, FolderDownload) and not place.at


def _find_class(places: list[Place], wanted: Wanted) -> Place:
    """Return where plain submissions begin: below folders that are not students'."""
    for place in places:
        if len(place.visible) != 1:
            break
        if _is_folder(place):
            break  # a single folder in a folder is one student
    else:
        return places[0]
    return place if _holds_class(place, wanted) else places[0]


def _holds_class(place: Place, wanted: Wanted) -> bool:
    """Whether at least two things in a place are somebody's work."""
    found = [
        item
        for item in place.visible
        if is_upload(item.name, is_folder=item.is_folder)
        and (not item.is_folder or _holds_work(place.enter(item), wanted))
    ]
    return len(found) > 1


def _holds_work(place: Place, wanted: Wanted, levels: int = 2) -> bool:
    folders = [item for item in place.visible if item.is_folder]
    return any(map(wanted.fits, place.visible)) or (
        levels > 0
        and any(_holds_work(place.enter(each), wanted, levels - 1) for each in folders)
    )


def _receive_plain(path: Path, reading: Reading) -> Received:
    uploads = find_uploads(path)
    people = [Person(each.student, each.student, plain.NAME) for each in uploads]
    told = [
        f"{plain.TITLE}: {_count(len(uploads), 'submission')}.",
        *(f"Ignored: {n} (neither a folder nor a .zip)" for n in unrecognised(path)),
        *reading.told,
    ]
    return Received(tuple(uploads), tuple(people), tuple(map(printable, told)))


def _receive(place: Place, system: System, reading: Reading) -> Received:
    marked = [each for each in reading.handed if each.pieces]
    people = [person for each in reading.handed for person in each.people]
    empty = sum(not each.pieces for each in reading.handed)
    again = sum(_is_again(each.people) for each in marked)
    counts = [
        _count(len(reading.handed), "participant"),
        *([f"{empty} without files"] if empty else []),
        *([f"{again} resubmitted: the latest counts"] if again else []),
    ]
    told = [
        f"{system.TITLE}: {', '.join(counts)}.",
        *(
            f"Ignored: {name} (not as {system.TITLE} names it)"
            for name in reading.strays
        ),
        *reading.told,
        *find_twins(reading.handed),
    ]
    uploads = [make_upload(each, place.download) for each in marked]
    if not uploads:
        raise UsageError(" ".join([*told, "There is nothing to mark."]))
    return Received(tuple(uploads), tuple(people), tuple(map(printable, told)))


def _is_again(people: tuple[Person, ...]) -> bool:
    return any(person.attempt not in ("", "1") for person in people)


def _suggest(system: System, reading: Reading) -> str:
    return (
        f"{reading.num_fitting} of the names at the top are as {system.TITLE} writes "
        f"them; --from {system.NAME} takes those, and no others."
    )


def _describe_choice(place: Place, readings: Mapping[System, Reading]) -> str:
    fitting = [(s, r) for s, r in readings.items() if r.handed]
    counts = ", ".join(f"{r.num_fitting} as {s.TITLE} writes them" for s, r in fitting)
    choices = " or ".join(f"--from {system.NAME}" for system, _ in fitting)
    return (
        f"It cannot be told which system {place.download.path} comes from: of the "
        f"names at its top, {counts}. Type {choices}: that takes those, and no others."
    )


def _describe_failure(place: Place, readings: Mapping[System, Reading]) -> str:
    too_few = "too few names are as it writes them"
    reasons = "".join(
        f"\n  {system.TITLE}: {reading.why_not or too_few}"
        for system, reading in readings.items()
    )
    names = ", ".join(show(item.name) for item in place.visible[:5]) or "nothing"
    return (
        f"{place.download.path} is no download that is known here; it holds {names}. "
        f"Considered were:{reasons}\nExpected a download as it came, or one folder or "
        "zip per student. --from SYSTEM says which it is "
        f"({', '.join(SYSTEMS)})."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
