"""Sources: what was marked of each student, kept beside the results.

An instructor reads it with messages at its lines, looks at what it draws, and still
has it if a mark is questioned years later. It is what marking used: ``.py`` files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from reelmark.files import remove_tree
from reelmark.intake.snapshots import compute_digest

FOLDER = "sources"
"""The folder, among the results of a class, with a folder for each student."""


def keep_sources(snapshot: Path, kept: Path) -> None:
    """Keep a copy of what is marked, which replaces an earlier one.

    Args:
        snapshot: What marking used.
        kept: The folder of the copy.

    Raises:
        OSError: It cannot be written.
    """
    if kept.is_dir() and digest_sources(kept) == digest_sources(snapshot):
        return
    unfinished = kept.with_name(".unfinished-" + kept.name)
    remove_tree(unfinished)
    unfinished.mkdir(parents=True)
    # shutil.copytree() collects all that failed in one error, without a code.
    for path in list_sources(snapshot):
        copy = unfinished / path.relative_to(snapshot)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    remove_tree(kept)
    unfinished.rename(kept)


def digest_sources(folder: Path) -> str:
    """Return a digest of a submission, which is the same for a copy of it."""
    return compute_digest(
        {
            path.relative_to(folder).parts: path.read_bytes()
            for path in list_sources(folder)
        }
    )


def list_sources(folder: Path) -> list[Path]:
    """Return the files of a submission; none if it was not kept."""
    return sorted(path for path in folder.rglob("*.py") if path.is_file())
