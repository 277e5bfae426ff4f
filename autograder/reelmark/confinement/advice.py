"""Advice: what to say where submissions cannot be closed off.

`grade` and `doctor` say it in the same words, on macOS, on Windows, and on Linux if
the kernel or a container does not offer Landlock or seccomp.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from reelmark.confinement.level import Level

BUILD = "docker build -t reelmark ."
GRADE = (
    'docker run --rm -v "$PWD/submissions:/submissions:ro" -v "$PWD/marks:/marks" '
    "reelmark grade /submissions --out /marks"
)

_SYSTEMS = {"darwin": "macOS", "win32": "Windows"}


def explain_open_level(level: Level, findings: Sequence[str] = ()) -> str:
    """Say what it means that submissions are not closed off here, and what to do.

    Args:
        level: The level that workers reach.
        findings: What the canary could do, one sentence each.
    """
    where = "Here" if sys.platform == "linux" else f"On {_name_system()}"
    return (
        f"{where} {_dangers(level, findings)}. {_name_condition()} "
        f"{_advise()} Or accept it with --unsafe."
    )


def _name_system() -> str:
    return _SYSTEMS.get(sys.platform, sys.platform)


def _name_condition() -> str:
    if sys.platform == "linux":
        return (
            "It takes Linux 5.13 with Landlock, and inside a container Docker 23.0, or "
            "newer. If this machine cannot be updated,"
        )
    return "Linux can close them off: to have it do so,"


def _dangers(level: Level, findings: Sequence[str] = ()) -> str:
    seen = f" ({'; '.join(findings)})" if findings else ""
    return (
        f"a submission would be {level.value}{seen}: it could read the hidden checks "
        "and what else is yours"
    )


def _advise() -> str:
    return f"run `{BUILD}` in the kit's folder, then `{GRADE}` above your submissions."
