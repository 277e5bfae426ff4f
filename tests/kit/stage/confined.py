"""Trying things in a confined process, as root and as an ordinary user."""

from __future__ import annotations

import functools
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reelmark.confinement import landlock
from sample_class import ROOT

NOBODY = 65534
PARENT = Path(__file__).with_name("confined_parent.py")
ENVIRONMENT = {"PYTHONPATH": str(ROOT / "autograder"), "PATH": os.defpath}
ENGINE = (
    "import sys, reelmark.confinement.confine; sys.exit(sys.version_info < (3, 11))"
)
SYSTEM = tuple(filter(None, [shutil.which("python3", path="/usr/bin")]))


def find_missing_wall() -> str:
    """Return what this machine lacks for confining workers; else an empty text."""
    if sys.platform != "linux":
        return "workers are confined on Linux only"
    if landlock.find_abi() < 1:
        return "this kernel has no Landlock, or it is off"
    if not Path("/proc/sys/kernel/seccomp/actions_avail").exists():
        return "this kernel has no seccomp filters"
    return ""


needs_walls = pytest.mark.skipif(
    bool(find_missing_wall()), reason=find_missing_wall() or "it has all"
)


@dataclass(frozen=True)
class Setting:
    """Who tries, on which kernel.

    Attributes:
        user: The user that the parent is; None for whoever runs the tests.
        user_of_worker: The user that its workers are to become.
        abi: The Landlock ABI to make do with; None for the kernel's.
        before: Code for the parent to run first.
    """

    user: int | None = None
    user_of_worker: int | None = None
    abi: int | None = None
    before: str = ""


def try_confined(
    tries: Mapping[str, str],
    setting: Setting,
    pairs: Mapping[str, tuple[str, str]] | None = None,
) -> dict[str, Any]:
    """Try each piece of code in a confined child; return all outcomes.

    Args:
        tries: Code by name.
        setting: Who tries.
        pairs: Code by name for a child that speaks and for one that listens.

    Returns:
        ``tries`` by name, what was ``heard`` by name, and what the parent saw
        ``before`` and ``after``.
    """
    job = {"tries": tries, "pairs": pairs or {}, **vars(setting)}
    ran = subprocess.run(
        [
            find_python(setting.user or setting.user_of_worker),
            *("-P", "-s", "-B", str(PARENT)),
        ],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=ENVIRONMENT,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def try_one(code: str, setting: Setting | None = None) -> dict[str, Any]:
    """Try one piece of code; return the outcome."""
    found: dict[str, Any] = try_confined({"it": code}, setting or Setting())["tries"]
    return dict(found["it"])


def find_python(
    user: int | None, probe: str = ENGINE, others: Iterable[str] = SYSTEM
) -> str:
    """Return a Python that a user can run; skip the test if there is none.

    Args:
        user: The user; None for whoever runs the tests.
        probe: Code that it must be able to run.
        others: What to try where the environment's own Python cannot be reached,
            for instance in a closed home folder.
    """
    if user is None or os.geteuid() != 0:
        return sys.executable
    for python in itertools.chain((sys.executable,), others):
        if _can_run(user, python, probe):
            return python
    pytest.skip("no Python here that is new enough and that an ordinary user can reach")


@functools.cache
def _can_run(user: int, python: str, probe: str) -> bool:
    """Return whether a Python and some code in it can be run by a user."""
    try:
        ran = subprocess.run(
            [python, "-P", "-s", "-B", "-c", probe],
            env=ENVIRONMENT,
            cwd="/",
            user=user,
            group=user,
            extra_groups=[],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return ran.returncode == 0


def find_setting(user: str, *, abi: int | None = None) -> Setting:
    """Return the setting of a test that is to be run as root or another user."""
    is_root = os.geteuid() == 0
    if user == "root" and not is_root:
        pytest.skip("only root can try what root can")
    return Setting(user=NOBODY if user == "ordinary" and is_root else None, abi=abi)


def run_engine(code: str, user: int | None = None) -> Any:
    """Run code in a fresh Python that sees the engine; return what it prints as JSON.

    Args:
        code: The code; it begins with the engine's modules imported.
        user: The user whose Python it must be (it is still run by the tests' user).
    """
    imports = (
        "import json, os, sys, tempfile; from pathlib import Path; "
        "from reelmark.confinement import canary, confine, kernel; "
        "from reelmark.confinement import landlock, policy, seccomp\n"
    )
    ran = subprocess.run(
        [find_python(user), "-P", "-s", "-B", "-c", imports + code],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=ENVIRONMENT,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
