"""Misnomers: modules under a different name than was asked for.

Browsers, file managers and LMSs turn ``cnn.py`` into ``cnn (1).py``, ``cnn-1.py`` or
``cnn.py.txt``; people write ``Cnn.py``. If a module is missing, and exactly one such
file lies where it should be, that file is taken and a note says so; if there are
several, none is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reelmark.intake.kinds import MISNAMED, Parts, Sources, fold, show

_ADDED = re.compile(
    r"^(?:copy of|kopie von) |[ _-]*(?:\(\d+\)|copy|kopie)$|[ _-]\d+$|\.txt$|\.py$"
)
"""What is added to a file's name if the name is taken, or the file was downloaded."""


def find_meant(name: str, modules: Iterable[str]) -> str | None:
    """Return the module that a file's name may stand for.

    Examples:
        >>> find_meant("Image processing (1).py", ["image_processing", "cnn"])
        'image_processing'
        >>> find_meant("cnn-old.py", ["image_processing", "cnn"]) is None
        True
    """
    by_form = {_simplify(module): module for module in modules}
    stem, left = "", fold(name)
    while left != stem:
        stem = left
        if module := by_form.get(_simplify(stem)):
            return module
        left = _ADDED.sub("", stem)
    return None


def rename_modules(sources: Sources, modules: tuple[str, ...]) -> Sources:
    """Give misnamed modules the names that were asked for, and say so.

    Args:
        sources: Source of a submission; it may include files named as text.
        modules: Names of the modules that are marked, without ``.py``.
    """
    files = dict(sources.files)
    notes: list[str] = []
    for home in _find_homes(sources.files, modules):
        for module, names in _find_candidates(sources.files, home, modules).items():
            if len({files[name] for name in names}) == 1:
                notes.append(f"{show('/'.join(names[0]))} was taken for {module}.py.")
                files[*home, f"{module}.py"] = files[names[0]]
                files = {n: text for n, text in files.items() if n not in names}
            else:
                notes.append(_note_several(module, names))
    others = ["/".join(name) for name in files if MISNAMED.holds(name)]
    files = {name: text for name, text in files.items() if not MISNAMED.holds(name)}
    renamed = replace(sources, files=files, others=(*others, *sources.others)[:5])
    return renamed.with_notes(*notes)


def _find_homes(files: Mapping[Parts, bytes], modules: tuple[str, ...]) -> list[Parts]:
    """Return the topmost folders that hold modules, preferring correctly named ones."""
    exact = {f"{module}.py" for module in modules}
    named = {name[:-1] for name in files if name[-1] in exact}
    found = named or {name[:-1] for name in files if find_meant(name[-1], modules)}
    depth = min(map(len, found), default=0)
    return sorted(home for home in found if len(home) == depth)


def _find_candidates(
    files: Mapping[Parts, bytes], home: Parts, modules: tuple[str, ...]
) -> dict[str, list[Parts]]:
    """Return the files that may be the modules missing from a folder."""
    missing = [each for each in modules if (*home, f"{each}.py") not in files]
    found: dict[str, list[Parts]] = {}
    for name, module in _list_meant(files, home, modules):
        if module in missing:
            found.setdefault(module, []).append(name)
    return found


def _list_meant(
    files: Iterable[Parts], home: Parts, modules: tuple[str, ...]
) -> Iterator[tuple[Parts, str]]:
    for name in sorted(files):
        if name[:-1] == home and (module := find_meant(name[-1], modules)):
            yield name, module


def _note_several(module: str, names: list[Parts]) -> str:
    told = " or ".join(show("/".join(name)) for name in names[:3])
    return (
        f"{module}.py is missing, and {told} may be meant: it cannot be told which. "
        f"Call the right one {module}.py."
    )


def _simplify(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.casefold())
