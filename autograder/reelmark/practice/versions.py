"""Versions: where somebody's packages are not those that marks are made with."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from reelmark.files import read_text
from reelmark.manifest import Coursework
from reelmark.practice.marker import LOCK, read_python
from reelmark.practice.progress import read_progress, write_progress

TELLING = {
    "TensorFlow": ("tensorflow", "tensorflow-cpu"),
    "Keras": ("keras",),
    "NumPy": ("numpy",),
    "pandas": ("pandas",),
    "Matplotlib": ("matplotlib",),
}
"""Packages that may give another answer in another version, and what they are called
where they are pinned and installed."""

_PIN = re.compile(r"^(\S+==[^\\\n]+?) *\\?$", re.MULTILINE)


def tell_versions(coursework: Coursework, work: Path) -> str:
    """Say what differs from what marks are made with; once, until that changes.

    Args:
        coursework: What is marked.
        work: The folder of the student's modules, where it is noted.
    """
    python = read_python(coursework)
    differences = list(find_differences(coursework.root / LOCK, python))
    told = ", ".join(f"{name} {here} ({pin})" for name, here, pin in differences)
    progress, _ = read_progress(work)
    if told == progress.versions:
        return ""
    write_progress(work, replace(progress, versions=told))
    if not told:
        return ""
    return (
        f"Installed here, and pinned for marking: {told}. Marks are decided with the "
        "pinned versions; answers seldom differ."
    )


def find_differences(
    lock: Path, python: tuple[int, int] | None = None
) -> Iterator[tuple[str, str, str]]:
    """Yield the packages that are here in another version than is pinned.

    Args:
        lock: The file with the pins; it need not be there.
        python: The Python that work is marked with, if it is another.

    Yields:
        For each its name, the version that is here, and the one that is pinned.
    """
    pins = _read_pins(lock, python) if lock.is_file() else {}
    for name, packages in TELLING.items():
        here = next(filter(None, map(_find_version, packages)), "")
        pinned = next(filter(None, map(pins.get, packages)), "")
        if here and pinned and here != pinned:
            yield name, here, pinned


def _read_pins(lock: Path, python: tuple[int, int] | None) -> dict[str, str]:
    """Return what is pinned for a machine like this with that Python, by package."""
    version = ".".join(map(str, python or sys.version_info[:2]))
    there = {"python_version": version, "python_full_version": f"{version}.0"}
    pins = map(Requirement, _PIN.findall(read_text(lock)))
    return {
        pin.name: next(iter(pin.specifier)).version
        for pin in pins
        if pin.marker is None or pin.marker.evaluate(there)
    }


def _find_version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
