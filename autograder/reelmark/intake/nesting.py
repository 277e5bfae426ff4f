"""Nesting: zips inside what was handed in, opened if modules are missing without them.

The folder in such a zip that holds the modules counts as if the author had unpacked
it beside the zip. Nested zips are judged like any other, and limits hold for all
levels together. Files beside a zip take precedence over those inside it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from reelmark.errors import RefusedSubmission
from reelmark.intake.archives import INNER_ZIP, Archive
from reelmark.intake.kinds import (
    MEGABYTE,
    MISNAMED,
    NOTEBOOK,
    SOURCE,
    Kind,
    Parts,
    Sources,
    check_collisions,
    check_limits,
    show,
)
from reelmark.intake.misnomers import rename_modules

MAX_LEVELS = 3


class Container(Protocol):
    """What holds a submission: a zip, a folder, or a part of one."""

    def read(self, kinds: tuple[Kind, ...] = (SOURCE,)) -> Sources:
        """Read files of some kinds into memory, judged."""

    def open_inner(self, name: Parts) -> AbstractContextManager[Archive]:
        """Open a zip that lies in it."""


def read_nested(outer: Container, modules: tuple[str, ...]) -> Sources:
    """Read the source of a submission; if modules are missing, from zips in it, too.

    Args:
        outer: What was handed in.
        modules: Names of the modules that are marked, without ``.py``.

    Raises:
        RefusedSubmission: A rule is broken; or two zips hold different modules of
            the same name; or a zip is refused and there are no modules elsewhere.
    """
    nest = _Nest(modules)
    sources = nest.read(outer)
    if nest.refusals and not nest.find_modules(sources):
        raise RefusedSubmission(nest.refusals[0])
    return sources


def read_notebooks(outer: Container, *, is_deep: bool) -> Sources:
    """Read source and notebooks of a submission.

    Args:
        outer: What was handed in.
        is_deep: Whether zips in it are opened, too; each counts as a folder.

    Raises:
        RefusedSubmission: A rule is broken.
    """
    return _Nest(()).collect(outer, is_deep=is_deep)


def find_home(sources: Sources, modules: tuple[str, ...]) -> Parts | None:
    """Return the folder that holds the modules; None if there are none.

    Raises:
        RefusedSubmission: They lie in several folders, equally close to the top.
    """
    wanted = {f"{module}.py" for module in modules}
    homes = sorted({name[:-1] for name in sources.files if name[-1] in wanted}, key=len)
    nearest = sorted(home for home in homes if len(home) == len(homes[0]))
    if len(nearest) > 1:
        places = " and ".join(show("/".join(home)) for home in nearest[:3])
        raise RefusedSubmission(
            f"The modules lie in several folders ({places}), so it cannot be told "
            "which are meant; put all of them into one folder and hand in that."
        )
    return nearest[0] if nearest else None


class _Nest:
    """One submission's zips: which were opened so far, and which were refused."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        self.refusals: list[str] = []
        self._modules = modules
        self._num_zips = 0
        self._num_bytes = 0

    def find_modules(self, sources: Sources) -> set[str]:
        """Return the file names of the modules that are there, wherever they are."""
        found = {name[-1] for name in sources.files}
        return found & {f"{module}.py" for module in self._modules}

    def read(self, container: Container, level: int = 0) -> Sources:
        """Read a container, and the zips inside it if modules are missing."""
        sources = container.read((SOURCE, MISNAMED))
        sources = rename_modules(sources, self._modules)
        if len(self.find_modules(sources)) == len(self._modules):
            return sources
        merged = _Merged(sources)
        for name in sources.zips:
            try:
                self._count(level)
                with container.open_inner(name) as inner:
                    self._weigh(inner)
                    found = self.read(inner, level + 1)
                home = find_home(found, self._modules)
            except RefusedSubmission as error:
                self.refusals.append(str(error))
                where = show("/".join(name))
                merged.notes.append(f"{where} was not opened. {error}")
                continue
            if home is not None:
                merged.add(name, found, home)
        return merged.judge()

    def collect(
        self, container: Container, level: int = 0, *, is_deep: bool = True
    ) -> Sources:
        """Read source and notebooks of a container, and of the zips in it."""
        sources = container.read((SOURCE, NOTEBOOK))
        files, notes = dict(sources.files), list(sources.notes)
        for name in sources.zips if is_deep else ():
            try:
                self._count(level)
                with container.open_inner(name) as inner:
                    self._weigh(inner)
                    found = self.collect(inner, level + 1)
            except RefusedSubmission as error:
                notes.append(f"{show('/'.join(name))} was not opened. {error}")
                continue
            files |= {(*name, *each): text for each, text in found.files.items()}
            notes += found.notes
        check_limits(
            (len(text) for name, text in files.items() if NOTEBOOK.holds(name)),
            NOTEBOOK,
        )
        return Sources(files, sources.others, tuple(notes), sources.zips)

    def _count(self, level: int) -> None:
        self._num_zips += 1
        if level >= MAX_LEVELS:
            raise RefusedSubmission(
                f"Zips inside zips are opened {MAX_LEVELS} levels deep; zip the files "
                "you wrote, and no zips."
            )
        if self._num_zips > INNER_ZIP.max_files:
            raise RefusedSubmission(
                f"The submission holds more than {INNER_ZIP.max_files} zips; hand in "
                "one, with the files you wrote."
            )

    def _weigh(self, inner: Archive) -> None:
        self._num_bytes += inner.size
        if self._num_bytes > INNER_ZIP.max_total_size:
            most = INNER_ZIP.max_total_size // MEGABYTE
            raise RefusedSubmission(
                f"The zips inside add up to more than {most} MB; {INNER_ZIP.advice}."
            )


class _Merged:
    """The source beside zips, and what is added to it from them."""

    def __init__(self, loose: Sources) -> None:
        self.notes = list(loose.notes)
        self._loose = loose
        self._files = dict(loose.files)
        self._origins: dict[Parts, Parts] = {}

    def add(self, zipped: Parts, found: Sources, home: Parts) -> None:
        """Add what a zip holds below ``home``, as if it lay where the zip lies."""
        if self._loose.files or len(self._loose.zips) > 1:
            self.notes.append(f"{show('/'.join(zipped))} was opened.")
        self.notes += found.notes
        for name, content in found.below(home).items():
            place = (*zipped[:-1], *name)
            if self._files.setdefault(place, content) == content:
                self._origins.setdefault(place, zipped)
            else:
                self._keep_one(place, zipped)

    def judge(self) -> Sources:
        """Return all of it, judged as one submission."""
        check_limits(len(content) for content in self._files.values())
        check_collisions(self._files, self._files)
        loose = self._loose
        return Sources(self._files, loose.others, tuple(self.notes), loose.zips)

    def _keep_one(self, place: Parts, zipped: Parts) -> None:
        """Leave out what also lies beside the zip; refuse what differs in two zips."""
        name, where = show("/".join(place)), show("/".join(zipped))
        if place in self._loose.files:
            self.notes.append(
                f"{name} in {where} was left out: another file of that name lies "
                "beside the zip, and counts."
            )
            return
        first = show("/".join(self._origins[place]))
        raise RefusedSubmission(
            f"{first} and {where} hold a {name} each, and they differ; it cannot be "
            "told which is meant, so hand in one of them."
        )
