"""Copies: a class made of the reference, each submission a little different."""

from __future__ import annotations

from pathlib import Path

from reelmark.manifest import Coursework


def write_copy(
    coursework: Coursework,
    folder: Path,
    number: int,
    overlay: str = "",
    module: str = "",
) -> None:
    """Write the reference's modules, each with a unique comment.

    Args:
        coursework: The coursework whose reference is copied.
        folder: The folder to write.
        number: The copy's number; it makes the comment.
        overlay: Text to append to ``module``, so that its definitions replace
            the reference's.
        module: The module that gets the overlay.
    """
    folder.mkdir(parents=True)
    for name in coursework.modules:
        text = (coursework.solutions / f"{name}.py").read_text(encoding="utf-8")
        edit = f"\n# Handed in as number {number}.\n"
        added = overlay if name == module else ""
        (folder / f"{name}.py").write_text(text + edit + added, encoding="utf-8")


def write_copies(coursework: Coursework, into: Path, count: int) -> list[Path]:
    """Write ``count`` copies; return their folders."""
    folders = [into / f"student-{number:03}" for number in range(count)]
    for number, folder in enumerate(folders):
        write_copy(coursework, folder, number)
    return folders
