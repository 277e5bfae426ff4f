"""Snapshots: a copy of a submission's sources, safe to mark.

It holds the ``.py`` files and nothing else, the same whether they came in a folder
or in a zip.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reelmark.errors import RefusedSubmission
from reelmark.intake.archives import read_files
from reelmark.intake.folders import _read_folder
from reelmark.intake.kinds import Parts, Sources, show, write_files
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


def take_snapshot(submission: Upload, modules: tuple[str, ...], into: Path) -> Snapshot:
    """Copy what marking needs of ``submission`` to ``into``.

    Args:
        submission: What to copy from; it is only read.
        modules: Names of the modules that are marked, without ``.py``.
        into: An empty folder, or one that is to be made.

    Returns:
        The snapshot: its top folder is the one that holds the modules, even if
        they lay further down in what was handed in.

    Raises:
        RefusedSubmission: It cannot be marked as a whole; the message says why.
    """
    sources = _read(submission.path)
    home, note = _find_home(sources, modules)
    files = sources.below(home)
    write_files(files, into)
    notes = _limit_notes((note, *sources.notes) if note else sources.notes)
    return Snapshot(into, notes, compute_digest(files))


def compute_digest(files: Mapping[Parts, bytes]) -> str:
    """Return the SHA-256 over sorted names and contents, as hexadecimal digits."""
    total = hashlib.sha256()
    for name, content in sorted(("/".join(name), files[name]) for name in files):
        # Hashes are of one length, so no name can pass for the start of a content.
        total.update(hashlib.sha256(name.encode("utf-8")).digest())
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def _read(path: Path) -> Sources:
    if path.is_symlink():
        raise RefusedSubmission(
            f"{show(path.name)} is a symbolic link, which is never followed; expected "
            "a folder or a .zip, so put the files themselves there."
        )
    return _read_folder(path) if path.is_dir() else read_files(path)


def _find_home(sources: Sources, modules: tuple[str, ...]) -> tuple[Parts, str]:
    """Return the folder that holds the modules, and a note if it is not the top."""
    wanted = {f"{module}.py" for module in modules}
    homes = sorted({name[:-1] for name in sources.files if name[-1] in wanted}, key=len)
    nearest = [home for home in homes if len(home) == len(homes[0])]
    if not nearest:
        return (), _note_nothing(sources, modules)
    if len(nearest) > 1:
        places = " and ".join(show("/".join(home)) for home in sorted(nearest)[:3])
        raise RefusedSubmission(
            f"The modules lie in several folders ({places}), so it cannot be told "
            "which are meant; put all of them into one folder and hand in that."
        )
    if not nearest[0]:
        return (), ""
    place = show("/".join(nearest[0]))
    note = f"The modules were found in the folder {place}; the rest was left out."
    return nearest[0], note


def _note_nothing(sources: Sources, modules: tuple[str, ...]) -> str:
    names = [*("/".join(name) for name in sorted(sources.files)), *sources.others]
    instead = ", ".join(show(name) for name in names[:5]) or "no files"
    expected = ", ".join(f"{module}.py" for module in modules)
    return (
        f"None of the modules was found. Looked for {expected}; found {instead}. Hand "
        "in the .py files themselves: notebooks and archives inside are not opened."
    )


def _limit_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    if len(notes) <= MAX_NOTES:
        return notes
    more = len(notes) - MAX_NOTES
    return (*notes[:MAX_NOTES], f"{more} more files were left out for such reasons.")
