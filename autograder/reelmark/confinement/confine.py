"""Confinement: what a worker's process is closed off from, and how well.

A worker runs what a stranger wrote. `confine` takes away from its process everything
that the work does not need: other files, the network, other processes, privileges,
unlimited memory and time. It needs no privilege itself and no package; whatever the
kernel lacks lowers the level that is reached.

Call it in a child that the warm parent has just forked, while it has one thread:
Landlock and capabilities apply per thread, and would not bind others.

    files        Landlock            `landlock`, by the list in `policy`
    the rest     seccomp             `seccomp`, by the table in `refusals`
    privileges   capabilities, user  `privileges`
    quantities   rlimits             `rlimits`
    the proof    a canary            `canary`
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from reelmark.confinement import landlock, privileges, rlimits, seccomp
from reelmark.confinement.level import Level
from reelmark.confinement.policy import Policy, find_python, list_readable
from reelmark.errors import KitFault


def confine(policy: Policy) -> Level:
    """Confine this process, for good.

    Returns:
        The level that was reached. `canary.prove` tells whether it holds.

    Raises:
        KitFault: The process has other threads, which would stay free.
    """
    _require_one_thread()
    close_descriptors({0, 1, 2, *policy.keep})
    move_into(policy.scratch)
    if sys.platform != "linux":
        rlimits.lower(policy.ceilings)
        return Level.PROCESS
    silence()
    privileges.renounce_new()
    has_landlock = landlock.restrict(_rules(policy))
    needed = (*policy.readable, *find_python())
    has_own_user = privileges.drop(policy.uid, needed, policy.scratch)
    rlimits.lower(policy.ceilings, has_own_user=has_own_user)
    has_seccomp = seccomp.install()  # last: it refuses most of the above
    if has_seccomp and has_landlock:
        return Level.LANDLOCK_SECCOMP
    return Level.UID_SECCOMP if has_seccomp and has_own_user else Level.PROCESS


def silence() -> None:
    """Make standard input empty, and discard what is written to the outputs.

    They are opened anew, because all who inherited an open file share its flags.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    if nowhere > 2:
        os.close(nowhere)


def close_descriptors(keep: Collection[int]) -> None:
    """Close every descriptor but these: an open file stays open, whatever its path."""
    for folder in ("/proc/self/fd", "/dev/fd"):
        if os.path.isdir(folder):  # noqa: PTH112 (a Path costs more than the call)
            for name in os.listdir(folder):  # noqa: PTH208 (as above)
                if int(name) not in keep:
                    _close(int(name))
            return
    os.closerange(3, 4096)


def move_into(scratch: Path) -> None:
    """Make the scratch folder the home, and where temporary files go."""
    for name in ("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"):
        os.environ[name] = str(scratch)
    tempfile.tempdir = None
    os.chdir(scratch)


def _rules(policy: Policy) -> Iterator[landlock.Rule]:
    for path in list_readable(policy):
        yield path, landlock.READ
    yield Path("/dev/null"), landlock.READ | landlock.WRITE
    yield policy.scratch, landlock.KEEP_HOUSE


def _require_one_thread() -> None:
    tasks = "/proc/self/task"
    if os.path.isdir(tasks) and len(os.listdir(tasks)) > 1:  # noqa: PTH112, PTH208
        raise KitFault(
            "This process has several threads, and only one would be confined. "
            "Confine it right after the fork."
        )


def _close(descriptor: int) -> None:
    # The descriptor with which the folder was listed is closed already.
    with contextlib.suppress(OSError):
        os.close(descriptor)
