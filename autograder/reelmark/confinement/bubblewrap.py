"""The wall: bubblewrap around the warm parent, for those who ask for it.

Behind it, files that workers do not need do not exist, the only network is its own
loopback, and no process outside can be named. So a hole in Landlock or seccomp leads
nowhere. It does not separate the submissions of one run from each other: it adds to
confinement, and does not replace any of it.

The warm parent dies with whoever starts it; to the kernel, that is a *thread*.
Start it from one that lives as long as the run.

Source: bwrap(1).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reelmark.confinement.policy import SYSTEM, find_python
from reelmark.errors import UsageError
from reelmark.manifest import Coursework

PROBE_SECONDS = 20

_NAMESPACES = (
    # Not --unshare-all: if the kernel lacks cgroup or user namespaces (root does not
    # need a user namespace), the others still make a wall.
    *("--unshare-user-try", "--unshare-cgroup-try"),
    *("--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts"),
    *("--die-with-parent", "--cap-drop", "ALL"),
    # Folders given below may lie in /tmp, so this comes first.
    *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/"),
)
_MADE_NEW = (Path("/proc"), Path("/dev"))

# Lists what can be seen from inside. It imports nothing from the kit, so it also
# shows that Python itself can start.
_PROBE = """
import json, os, socket, sys
print(json.dumps({
    "files": [path for path in sys.argv[1:] if os.path.exists(path)],
    "networks": [name for _, name in socket.if_nameindex()],
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
}))
"""


@dataclass(frozen=True)
class Wall:
    """What can be seen behind the wall, besides Python and the system's libraries.

    Attributes:
        readable: Files and folders that workers read.
        writable: Folders in which snapshots and scratch folders will be made.
        secrets: What must not be visible.
    """

    readable: tuple[Path, ...]
    writable: tuple[Path, ...]
    secrets: tuple[Path, ...] = ()

    def wrap(self, command: Sequence[str]) -> list[str]:
        """Return the command that runs a command behind the wall."""
        binds = [word for bind in self._binds() for word in bind]
        return ["bwrap", *_NAMESPACES, *binds, "--", *command]

    def require(self) -> None:
        """Check that the wall stands.

        Raises:
            UsageError: It does not; the message says why, and what to do.
        """
        if shutil.which("bwrap") is None:
            raise UsageError(
                "Bubblewrap is not installed, of which the wall is made. Install it "
                "(Debian and Ubuntu: apt install bubblewrap), or leave --wall out."
            )
        _require_open_processes()
        if leaks := self._find_leaks():
            raise UsageError(
                f"Behind bubblewrap one could still see {', '.join(leaks)}. "
                "Move the marks to a folder of their own, or leave --wall out."
            )

    def _binds(self) -> Iterator[tuple[str, str, str]]:
        for path in dict.fromkeys((*_find_system(), *_find_interpreter())):
            yield "--ro-bind-try", str(path), str(path)
        for path in self.readable:
            yield "--ro-bind", str(path), str(path)
        for path in self.writable:
            yield "--bind", str(path), str(path)

    def _find_leaks(self) -> list[str]:
        """Return what can be seen behind the wall but must not be."""
        probe = [sys.executable, "-I", "-S", "-c", _PROBE, *map(str, self.secrets)]
        ran = _run(self.wrap(probe))
        seen = json.loads(ran)
        leaks = list(seen["files"])
        leaks += [f"the network {name}" for name in seen["networks"] if name != "lo"]
        # Bubblewrap's own process, which reaps orphans, and the probe.
        if seen["processes"] > 2:
            leaks.append("other processes")
        return leaks


@dataclass(frozen=True)
class Walls:
    """The walls of a run: exactly what its workers need is behind each.

    Attributes:
        coursework: The coursework whose submissions are marked.
        workspace: The folder in which the run makes snapshots and scratch folders.
    """

    coursework: Coursework
    workspace: Path

    def build(self, *, hidden: bool = False) -> Wall:
        """Return the wall around workers.

        Args:
            hidden: Whether they run hidden checks instead of public ones.
        """
        given = self.coursework
        readable = (given.stubs, given.worker_support, *given.inputs(hidden=hidden))
        secrets = [given.solutions, given.hidden_suite]
        secrets += [] if hidden else [given.hidden_inputs]
        return Wall(
            readable=tuple(path.resolve() for path in readable if path.is_dir()),
            writable=(self.workspace.resolve(),),
            secrets=tuple(secrets),
        )


def _require_open_processes() -> None:
    """Try what `forkserver.find_pid` needs to measure the right process.

    Raises:
        UsageError: This kernel, or a filter on its calls, does not allow it.
    """
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError as error:
        raise UsageError(
            "Behind a wall workers cannot be measured on this kernel, which is older "
            "than Linux 5.3 or does not let processes be opened. Leave --wall out."
        ) from error


def _find_system() -> Iterator[Path]:
    """Yield what every worker reads of the system, unless the wall makes its own."""
    for path in map(Path, SYSTEM):
        if not any(path.is_relative_to(new) for new in _MADE_NEW):
            yield path


def _find_interpreter() -> Iterator[Path]:
    """Yield Python and its packages; from folders of programs, only Python.

    A link given here becomes the file that it leads to, under the link's name: so
    the programs and ``pyvenv.cfg`` are where Python looks for them.
    """
    executable = Path(sys.executable)
    yield executable
    yield executable.resolve()
    yield Path(sys.prefix, "pyvenv.cfg")
    yield from find_python()


def _run(command: Sequence[str]) -> str:
    """Return what a command prints.

    Raises:
        UsageError: It failed; the message explains why.
    """
    try:
        ran = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PROBE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(_explain(str(error))) from error
    if ran.returncode:
        raise UsageError(_explain(ran.stderr.strip()))
    return ran.stdout


_SWITCHES = (
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "be 1"),
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "be 0"),
    ("/proc/sys/user/max_user_namespaces", "0", "be above 0"),
)
"""Settings of the kernel that forbid namespaces: file, forbidding value, advice."""


def _explain(words: str) -> str:
    """Say why there is no wall, and what to do."""
    causes = [
        f"the setting {file.removeprefix('/proc/sys/').replace('/', '.')} would have "
        f"to {advice}"
        for file, forbidding, advice in _SWITCHES
        if _read(file) == forbidding
    ]
    cause = " and ".join(causes) or "as in most containers"
    return (
        f"Bubblewrap may make no namespaces here ({words or 'it gave no reason'}): "
        f"{cause}. Confinement does not need it: leave --wall out."
    )


def _read(file: str) -> str:
    try:
        return Path(file).read_text(encoding="ascii").strip()
    except OSError:
        return ""
