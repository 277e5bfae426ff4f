"""The container: what to say where submissions cannot be closed off.

Told by `grade` and `doctor` in the same words, on macOS and Windows and on a
Linux whose kernel, or whose container, keeps Landlock or seccomp from the kit.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from reelmark.confine import Level

BUILD = "docker build -t reelmark ."
GRADE = (
    'docker run --rm -v "$PWD/submissions:/submissions:ro" -v "$PWD/marks:/marks" '
    "reelmark grade /submissions --out /marks"
)

_SYSTEMS = {"darwin": "macOS", "win32": "Windows"}


def explain_other_system() -> str:
    """Say why classes are not marked on this system, and how they are."""
    name = _SYSTEMS.get(sys.platform, sys.platform)
    return (
        f"Classes are marked on Linux: on {name} {_dangers(Level.PROCESS)}. "
        f"`reelmark check` works here; to mark, {_advise()}"
    )


def explain_open_level(level: Level, findings: Sequence[str]) -> str:
    """Say what a Linux that does not close submissions off means, and what to do.

    Args:
        level: The level that workers reach.
        findings: What the canary could do, a sentence each.
    """
    return (
        f"Here {_dangers(level, findings)}. It takes Linux 5.13 with Landlock, and "
        "inside a container Docker 23.0, or newer. If this machine cannot be updated, "
        f"{_advise()} Or accept it with --unsafe."
    )


def _dangers(level: Level, findings: Sequence[str] = ()) -> str:
    seen = f" ({'; '.join(findings)})" if findings else ""
    return (
        f"a submission would be {level.value}{seen}: it could read the hidden checks "
        "and what else is yours"
    )


def _advise() -> str:
    return f"run `{BUILD}` in the kit's folder, then `{GRADE}` above your submissions."
