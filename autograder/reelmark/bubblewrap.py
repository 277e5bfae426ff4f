"""Bubblewrap: an outer wall around the warm parent, where it is installed.

Inside, files that workers need not know of do not exist and the network is a
loopback without anybody on it. It does not keep one submission from another,
nor signals from the parent, so it adds to Landlock and seccomp and replaces
neither. Process ids stay those outside, by which workers' time is measured.

Source: bwrap(1).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from reelmark.policy import find_python

PROBE_SECONDS = 20

_SYSTEM = ("/lib", "/lib64", "/bin", "/usr", "/etc", "/sys", "/proc")

_OPTIONS = (
    *("--unshare-user-try", "--unshare-ipc", "--unshare-net", "--unshare-uts"),
    *("--unshare-cgroup-try", "--die-with-parent", "--new-session"),
    *("--dev", "/dev", "--tmpfs", "/tmp"),
)


def bubblewrap_command(
    readable: Iterable[Path], writable: Iterable[Path]
) -> list[str] | None:
    """Return what to put before the warm parent's command, or None.

    Args:
        readable: Files and folders it needs, besides Python and the system's.
        writable: Folders in which snapshots and scratch folders will be made;
            none of them may be ``/tmp`` itself.

    Returns:
        The command's beginning; None if bubblewrap is not installed, or may not
        make namespaces here (many containers).
    """
    program = shutil.which("bwrap")
    if program is None:
        return None
    binds = [_bind("--ro-bind-try", path) for path in map(Path, _SYSTEM)]
    binds += [_bind("--ro-bind-try", path) for path in _find_interpreter()]
    binds += [_bind("--ro-bind", path) for path in readable]
    binds += [_bind("--bind", path) for path in writable]
    words = [word for bind in binds for word in bind]
    command = [program, *_OPTIONS, *words, "--"]
    return command if _works(command) else None


def _find_interpreter() -> list[Path]:
    prefixes = {Path(sys.base_prefix), Path(sys.prefix) / "pyvenv.cfg"}
    folders = {Path(sys.executable).parent, Path(__file__).parents[1]}
    return [*sorted(prefixes | folders), *find_python()]


def _bind(option: str, path: Path) -> tuple[str, str, str]:
    return option, str(path), str(path)


def _works(command: list[str]) -> bool:
    """Return whether Python starts behind this wall."""
    probe = [*command, sys.executable, "-P", "-s", "-c", "import reelmark"]
    try:
        ran = subprocess.run(
            probe, capture_output=True, timeout=PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ran.returncode == 0
