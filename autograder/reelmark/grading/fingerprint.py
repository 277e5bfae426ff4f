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
"""What decides the results of marking, apart from files."""

NO_SUFFIX = "/"
"""A suffix that no file has."""


def fingerprint_engine() -> str:
    """Return a hash of everything that decides marks, whatever the coursework."""
    python = platform.python_version()
    versions = map(version_of, LIBRARIES)
    files = describe_files(PACKAGE)
    return hash_texts([python, *versions, *describe_environment(), *files])


def version_of(library: str) -> str:
    """Return a library's version; for TensorFlow, also from its build without GPUs.

    Raises:
        importlib.metadata.PackageNotFoundError: It is not installed.
    """
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(library)
    return importlib.metadata.version(f"{library}-cpu")


def hash_texts(texts: Iterable[str]) -> str:
    """Return one hash of several texts; it depends on where each begins and ends."""
    total = hashlib.sha256()
    for text in texts:
        total.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return total.hexdigest()


def describe_files(folder: Path, *, besides: str = NO_SUFFIX) -> Iterator[str]:
    """Yield a line for each file in a folder: its name and its hash.

    Args:
        folder: The folder; it need not exist.
        besides: A suffix; files with it are left out.
    """
    for file in sorted(folder.rglob("*")):
        # A name that begins with a dot belongs to a tool (such as `progress`).
        is_ours = "__pycache__" not in file.parts and not file.name.startswith(".")
        if is_ours and file.suffix != besides and file.is_file():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            yield f"{file.relative_to(folder).as_posix()} {content}"
