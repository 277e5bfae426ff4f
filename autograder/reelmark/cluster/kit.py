"""The kit: a coursework as bytes, with all that marking needs, for nodes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.manifest import Coursework, load_coursework

SETTINGS = "pyproject.toml"
FIXTURES = "fixtures"


def pack_coursework(coursework: Coursework) -> bytes:
    """Return a coursework as a zip, hidden checks and reference included.

    Raises:
        UsageError: It lacks a file that marking needs.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _find_files(coursework):
            archive.write(path, path.relative_to(coursework.root).as_posix())
    return buffer.getvalue()


def unpack_coursework(packed: bytes, into: Path) -> Coursework:
    """Write what `pack_coursework` returned to a folder, and load it."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(into)
    return load_coursework(into)


def _find_files(coursework: Coursework) -> Iterator[Path]:
    settings = coursework.root / SETTINGS
    if not settings.is_file():
        raise UsageError(f"{settings} is missing, and marking needs it.")
    yield settings
    yield from sorted(coursework.solutions.glob("*.py"))
    folders = (
        *(coursework.stubs, coursework.public_suite, coursework.hidden_suite),
        *(coursework.support, coursework.root / FIXTURES),
    )
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            # As in fingerprints: other files belong to tools.
            is_ours = "__pycache__" not in path.parts and not path.name.startswith(".")
            if is_ours and path.is_file():
                yield path
