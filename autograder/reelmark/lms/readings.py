"""Readings: how the module for a system reads the names in a download."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from reelmark.intake.kinds import NOTEBOOK, fold, show
from reelmark.intake.misnomers import find_meant
from reelmark.intake.nesting import Container
from reelmark.intake.submissions import Upload
from reelmark.lms.downloads import Download, Item, Pieces, Place
from reelmark.lms.roster import Person


@dataclass(frozen=True)
class Wanted:
    """What is looked for: modules, and an assignment if there are several."""

    modules: tuple[str, ...]
    assignment: str = ""

    @property
    def files(self) -> frozenset[str]:
        """The file names of the modules."""
        return frozenset(f"{module}.py" for module in self.modules)

    def fits(self, item: Item) -> bool:
        """Whether an item may be, or contain, somebody's work."""
        is_module = find_meant(item.name, self.modules) is not None
        return is_module or NOTEBOOK.holds((item.name,)) or item.is_zip


@dataclass(frozen=True)
class Handed:
    """What one student, or one group, handed in.

    Attributes:
        key: Its name in results and pages.
        people: Whose it is.
        pieces: What belongs to it; empty if there is nothing to mark.
        notes: Sentences for its authors about the way it was handed in.
    """

    key: str
    people: tuple[Person, ...]
    pieces: Pieces = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A download, read as if one system wrote it.

    Attributes:
        handed: What was handed in.
        num_fitting: How many names at the top have that system's form.
        strays: The names at the top that do not, made printable.
        told: Sentences for the instructor.
        why_not: Why it is not a download from that system, if nothing fits.
    """

    handed: tuple[Handed, ...] = ()
    num_fitting: int = 0
    strays: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def share(self) -> float:
        """The share of names at the top that fit."""
        return self.num_fitting / max(1, self.num_fitting + len(self.strays))


@dataclass(frozen=True)
class PartialUpload(Upload):
    """An upload that is a part of a download."""

    download: Download | None = field(default=None, compare=False)
    pieces: Pieces = field(default_factory=dict, compare=False)

    def open(self) -> AbstractContextManager[Container]:
        """Open the part of the download."""
        assert self.download is not None
        return self.download.choose(self.pieces)


def make_upload(handed: Handed, download: Download) -> Upload:
    """Return what marking takes from somebody's submission."""
    return PartialUpload(
        handed.key, download.path, handed.notes, download, handed.pieces
    )


def list_strays(place: Place, fitting: Iterable[Item]) -> tuple[str, ...]:
    """Return the names in a place that are not among those that fit."""
    known = set(fitting)
    return tuple(show(item.name) for item in place.visible if item not in known)


def tell_apart(handed: Iterable[Handed]) -> tuple[Handed, ...]:
    """Rename those whose keys would be the same name on some disks.

    What is added depends only on names and places in the download.
    """
    listed = sorted(handed, key=lambda each: each.key)
    count = Counter(fold(each.key) for each in listed)
    return tuple(
        _rename(each) if count[fold(each.key)] > 1 else each for each in listed
    )


def find_twins(handed: Iterable[Handed]) -> list[str]:
    """Say who handed in twice, as far as the system's ids tell."""
    owners: dict[str, list[str]] = {}
    for each in handed:
        for person in each.people:
            if person.id or person.username or person.email:
                own = person.id or person.username or person.email
                owners.setdefault(own, []).append(each.key)
    return [
        f"{own} is named by {len(keys)} submissions ({', '.join(keys[:3])}): each is "
        "marked, and no mark is returned until all but one are taken out"
        for own, keys in sorted(owners.items())
        if len(keys) > 1
    ]


def _rename(handed: Handed) -> Handed:
    places = sorted("/".join(item.at) for item in handed.pieces.values())
    names = [person.name for person in handed.people]
    raw = "\n".join([*places, *names]).encode("utf-8", "surrogatepass")
    key = f"{handed.key} ({hashlib.sha256(raw).hexdigest()[:6]})"
    people = tuple(replace(person, student=key) for person in handed.people)
    return replace(handed, key=key, people=people)


def mount(folders: Sequence[Item]) -> Pieces:
    """Return the pieces of a submission that is one folder or, by mistake, several.

    If there are several, none is assumed to be the one that counts.
    """
    if len(folders) == 1:
        return {(): folders[0]}
    return {(f"{number} {item.name}",): item for number, item in enumerate(folders, 1)}
