"""Snapshots: a copy of a submission's sources, safe to mark.

It holds only ``.py`` files, and is the same for a folder and for a zip; or it holds
the modules that were put together from a notebook handed in instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reelmark.errors import RefusedSubmission
from reelmark.intake import notebooks
from reelmark.intake.assembly import Functions
from reelmark.intake.kinds import (
    NOTEBOOK,
    Parts,
    Sources,
    is_source,
    show,
    write_files,
)
from reelmark.intake.nesting import (
    Container,
    find_home,
    read_nested,
    read_notebooks,
)
from reelmark.intake.submissions import Upload

MAX_NOTES = 20


@dataclass(frozen=True)
class Snapshot:
    """A copy of a submission's source, safe to mark.

    ``notes`` are sentences for its author; ``digest`` is the SHA-256 of names and
    contents, the same for a folder and a zip of it and on every machine.
    """

    folder: Path
    notes: tuple[str, ...]
    digest: str


def take_snapshot(
    submission: Upload,
    functions: Functions,
    into: Path,
    *,
    has_notebooks: bool = True,
) -> Snapshot:
    """Copy what marking needs of ``submission`` to ``into``.

    Args:
        submission: What to copy from; it is only read.
        functions: The functions that are marked, by module (names without ``.py``).
        into: An empty folder, or one that does not exist yet.
        has_notebooks: Whether notebooks are looked at, too.

    Returns:
        The snapshot: its top folder is the one that holds the modules, even if
        they lay further down in what was handed in.

    Raises:
        RefusedSubmission: It cannot be marked as a whole; the message says why.
    """
    modules = tuple(functions)
    with submission.open() as opened:
        sources = read_nested(opened, modules)
        if has_notebooks:
            sources = _look_at_notebooks(opened, sources, functions)
    home, note = _find_home(sources, modules)
    files = sources.below(home)
    write_files(files, into)
    notes = (*((note,) if note else ()), *submission.notes, *sources.notes)
    return Snapshot(into, _limit_notes(notes), compute_digest(files))


def _look_at_notebooks(
    opened: Container, sources: Sources, functions: Functions
) -> Sources:
    """Add what notebooks hold if no module was handed in; otherwise only note it."""
    has_modules = find_home(sources, tuple(functions)) is not None
    try:
        read = read_notebooks(opened, is_deep=not has_modules)
    except RefusedSubmission as error:
        note = f"Notebooks were not looked at. {error}"
        return sources if has_modules else sources.with_notes(note)
    if has_modules:
        found = {n: text for n, text in read.files.items() if NOTEBOOK.holds(n)}
        told = notebooks.find_differences(found, functions, sources.files)
        return sources.with_notes(*told)
    made = notebooks.put_together(read.files, functions)
    if not made.files:
        return sources.with_notes(*made.notes)
    beside = read.below(made.home).items()
    kept = {name: text for name, text in beside if is_source(name[-1])}
    notes = (*made.notes, *read.notes)
    return replace(sources, files={**kept, **made.files}, notes=notes)


def compute_digest(files: Mapping[Parts, bytes]) -> str:
    """Return the SHA-256 over sorted names and contents, as hexadecimal digits."""
    total = hashlib.sha256()
    for name, content in sorted(("/".join(name), files[name]) for name in files):
        # Hashes have one length, so no name can pass for the start of contents.
        total.update(hashlib.sha256(name.encode("utf-8")).digest())
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def _find_home(sources: Sources, modules: tuple[str, ...]) -> tuple[Parts, str]:
    """Return the folder that holds the modules, and a note if it is not the top."""
    home = find_home(sources, modules)
    if home is None:
        return (), _note_nothing(sources, modules)
    if not home:
        return (), ""
    place = show("/".join(home))
    return home, f"The modules were found in the folder {place}; the rest was left out."


def _note_nothing(sources: Sources, modules: tuple[str, ...]) -> str:
    names = [*("/".join(name) for name in sorted(sources.files)), *sources.others]
    instead = ", ".join(show(name) for name in names[:5]) or "no files"
    expected = ", ".join(f"{module}.py" for module in modules)
    return (
        f"None of the modules was found. Looked for {expected}; found {instead}. Hand "
        "in the .py files themselves, or a notebook with cells that begin with "
        "%%module or define the functions; of archives only zips are opened."
    )


def _limit_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    if len(notes) <= MAX_NOTES:
        return notes
    more = len(notes) - MAX_NOTES
    return (*notes[:MAX_NOTES], f"There are {more} more notes like these.")
