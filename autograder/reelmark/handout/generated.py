"""Generated files: every file that follows from the solutions and the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reelmark.files import read_text, write_whole
from reelmark.handout import brief, report, stubs
from reelmark.manifest import Coursework

Texts = Mapping[Path, str]
"""What files should contain, by path."""


def make_texts(coursework: Coursework) -> Texts:
    """Return what every generated file should contain.

    Raises:
        UsageError: A source is missing, or its markers are out of place.
    """
    makers = (stubs.make_texts, report.make_texts, brief.make_texts)
    return {path: text for make in makers for path, text in make(coursework).items()}


def find_drifted(texts: Texts) -> list[Path]:
    """Return the files that do not contain what they should."""
    return [path for path, text in texts.items() if _read(path) != text]


def write_drifted(texts: Texts) -> list[Path]:
    """Write the files that do not contain what they should; return these."""
    drifted = find_drifted(texts)
    for path in drifted:
        write_whole(path, texts[path])
    return drifted


def _read(path: Path) -> str | None:
    return read_text(path) if path.is_file() else None
