"""Fingerprints: whether anything that decides a mark has changed."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable, Iterator
from pathlib import Path

from reelmark.files import PACKAGE
from reelmark.processes.environment import describe_environment

LIBRARIES = ("tensorflow", "keras", "numpy", "pandas", "matplotlib", "hypothesis")
"""What else than files decides what marking finds."""

NO_SUFFIX = "/"
"""No file ends in this."""


def fingerprint_engine() -> str:
    """Return a hash of all that decides marks, whatever the coursework."""
    python = platform.python_version()
    versions = map(version_of, LIBRARIES)
    files = describe_files(PACKAGE)
    return hash_texts([python, *versions, *describe_environment(), *files])


def version_of(library: str) -> str:
    """Return a library's version; where TensorFlow comes without GPUs, of that build.

    Raises:
        importlib.metadata.PackageNotFoundError: It is not installed.
    """
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(library)
    return importlib.metadata.version(f"{library}-cpu")


def hash_texts(texts: Iterable[str]) -> str:
    """Return one hash of several texts; which text holds what matters."""
    total = hashlib.sha256()
    for text in texts:
        total.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return total.hexdigest()


def describe_files(folder: Path, *, besides: str = NO_SUFFIX) -> Iterator[str]:
    """Yield a line for each file in a folder: what it is called, and its hash.

    Args:
        folder: The folder; it need not be there.
        besides: A suffix; files that have it are left out.
    """
    for file in sorted(folder.rglob("*")):
        # What begins with a dot belongs to a tool (a student's `progress`, for one).
        is_ours = "__pycache__" not in file.parts and not file.name.startswith(".")
        if is_ours and file.suffix != besides and file.is_file():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            yield f"{file.relative_to(folder).as_posix()} {content}"
