"""Likeness: whether a node marks as this machine would, and what to do if not.

Marks must not depend on the machine. So a node must have the same engine, the same
versions of Python and of the libraries that checks and students use, and the same
environment; differences are reported one by one.
"""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Iterator, Mapping

from reelmark.grading.dependencies import fingerprint_kit
from reelmark.grading.fingerprint import LIBRARIES, version_of
from reelmark.manifest import Coursework
from reelmark.processes.environment import describe_environment

KIT = "kit"
MISSING = "missing"
HOW = (
    "Install the same there: the packages of the same lock file, and the same reelmark "
    "(docs/cluster.md). The coursework need not be there: it is sent."
)


def describe_likeness(coursework: Coursework) -> dict[str, str]:
    """Return what decides marks on this machine, except submissions, by name."""
    environment = (line.partition("=") for line in describe_environment())
    return {
        "Python": platform.python_version(),
        **{library: _version(library) for library in LIBRARIES},
        **{name: value for name, _, value in environment},
        KIT: fingerprint_kit(coursework),
    }


def tell_differences(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """Return what differs on a node, in words; empty if nothing does.

    Args:
        here: What the instructor's machine has.
        there: What the node has.
    """
    if here == there:
        return ""
    told = list(_list_differences(here, there)) or [
        "its reelmark is not the one that is installed here"
    ]
    return f"it would not mark as this machine does: {'; '.join(told)}. {HOW}"


def _list_differences(
    here: Mapping[str, str], there: Mapping[str, str]
) -> Iterator[str]:
    for name in dict.fromkeys((*here, *there)):
        ours, theirs = here.get(name, MISSING), there.get(name, MISSING)
        if ours != theirs and name != KIT:
            yield f"{name} is {theirs} there and {ours} here"


def _version(library: str) -> str:
    try:
        return version_of(library)
    except importlib.metadata.PackageNotFoundError:
        return MISSING
