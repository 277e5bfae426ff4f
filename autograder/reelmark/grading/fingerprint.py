"""Fingerprints: whether anything that decides a mark has changed."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import platform
from collections.abc import Iterable
from pathlib import Path

from reelmark.files import PACKAGE
from reelmark.manifest import Coursework
from reelmark.processes.environment import describe_environment

LIBRARIES = ("tensorflow", "keras", "numpy", "pandas", "matplotlib", "hypothesis")
"""What else than files decides what marking finds."""


def fingerprint_kit(coursework: Coursework) -> str:
    """Return a hash of all that decides marks, apart from a submission."""
    engine = PACKAGE
    fixtures = coursework.root / "fixtures"
    folders = [engine, coursework.stubs, coursework.support, fixtures]
    folders += [coursework.public_suite, coursework.hidden_suite]
    versions = map(version_of, LIBRARIES)
    contents = (line for folder in folders for line in _describe_files(folder))
    python = platform.python_version()
    return hash_texts([python, *versions, *describe_environment(), *contents])


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


def _describe_files(folder: Path) -> Iterable[str]:
    for file in sorted(folder.rglob("*")):
        # What begins with a dot belongs to a tool (a student's `progress`, for one).
        is_ours = "__pycache__" not in file.parts and not file.name.startswith(".")
        if is_ours and file.is_file():
            content = hashlib.sha256(file.read_bytes()).hexdigest()
            yield f"{file.relative_to(folder).as_posix()} {content}"
