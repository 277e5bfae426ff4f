"""Versions: how a student's packages differ from those used for marking."""

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
"""Packages whose versions may give different answers, with the names under which they
are pinned and installed."""

_PIN = re.compile(r"^(\S+==[^\\\n]+?) *\\?$", re.MULTILINE)


def tell_versions(coursework: Coursework, work: Path) -> str:
    """Say what differs from the versions used for marking; once, until that changes.

    Args:
        coursework: The coursework.
        work: The folder of the student's modules, where it is recorded.
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
    """Yield the packages whose versions here differ from the pinned ones.

    Args:
        lock: The file with the pins; it need not exist.
        python: The Python that work is marked with, if it is a different one.

    Yields:
        For each: its name, the version here, and the pinned one.
    """
    pins = _read_pins(lock, python) if lock.is_file() else {}
    for name, packages in TELLING.items():
        here = next(filter(None, map(_find_version, packages)), "")
        pinned = next(filter(None, map(pins.get, packages)), "")
        if here and pinned and here != pinned:
            yield name, here, pinned


def _read_pins(lock: Path, python: tuple[int, int] | None) -> dict[str, str]:
    """Return the pins, by package, for a machine like this one with that Python."""
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
