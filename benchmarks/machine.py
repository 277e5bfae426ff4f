"""The machine: lines to put next to a figure about where it was measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError

from reelmark.grading.fingerprint import version_of

GIGABYTE = 2**30


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def describe_machine(libraries: Sequence[str]) -> str:
    """Return two lines: the machine; and the versions of Python and ``libraries``."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE
    load = os.getloadavg()[0]
    machine = (
        f"{platform.system()} {platform.release()}, {platform.machine()}, "
        f"{count_cores()} cores, {memory:.0f} GB, load before {load:.1f}"
    )
    versions = [f"Python {platform.python_version()}", *map(_version, libraries)]
    return f"{machine}\n{', '.join(versions)}"


def _version(library: str) -> str:
    try:
        return f"{library} {version_of(library)}"
    except PackageNotFoundError:
        return f"no {library}"
