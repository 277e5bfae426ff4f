"""The policy: what one worker may read and write, and what nobody may give it."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reelmark.confinement.rlimits import Ceilings
from reelmark.errors import KitFault
from reelmark.files import PACKAGE

# Folders that hold what others own. A worker may be given something in them,
# but neither them nor a folder above them.
_SHARED = ("/home", "/root", "/tmp", "/var/tmp", "/etc", "/dev", "/run", "/Users")

SYSTEM = (
    # Shared libraries, those that the dynamic loader finds.
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"),
    *("/dev/urandom", "/dev/random", "/dev/zero"),
    # TensorFlow aborts without the first; the C library looks for a stack in maps.
    # Of a process's own files in /proc, others tell what it shares with its
    # neighbours, page by page (pagemap, smaps), or who uses the network.
    *("/proc/self/cmdline", "/proc/self/maps", "/proc/self/auxv"),
    # How its libraries learn what processor and how much memory there is.
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat"),
    *("/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu"),
    *("/sys/devices/system/node", "/sys/kernel/mm/transparent_hugepage"),
    *("/usr/share/zoneinfo", "/etc/localtime"),
    # The standard library opens these when it sees that they exist.
    *("/etc/mime.types", "/etc/os-release"),
)


@dataclass(frozen=True)
class Policy:
    """What one worker may do.

    Attributes:
        scratch: The only folder it may write to.
        readable: Files and folders it may read, besides Python and its packages:
            the submission, the stubs, the support, inputs.
        secrets: What it must never be able to read: the solutions, the hidden
            suite. Anything that holds one of them is refused, whoever asks.
        keep: Open descriptors it keeps, besides 0, 1 and 2.
        uid: The user to become if root starts it, and if that user can reach all
            it needs; a user that only workers have, one for each slot.
        ceilings: How much of the machine it may take.

    Raises:
        KitFault: It would open what must stay closed, or something is not there.
    """

    scratch: Path
    readable: tuple[Path, ...] = ()
    secrets: tuple[Path, ...] = ()
    keep: tuple[int, ...] = ()
    uid: int | None = None
    ceilings: Ceilings = field(default_factory=Ceilings)

    def __post_init__(self) -> None:
        secrets = tuple(path.resolve() for path in self.secrets)
        _check_python(secrets)
        scratch = _check(self.scratch, secrets)
        readable = tuple(_check(path, secrets) for path in self.readable)
        for path in (*readable, PACKAGE):
            if _is_in(path, scratch):
                raise KitFault(
                    f"A worker could change {path}, which lies in its scratch folder "
                    f"{scratch}. Move one of them to another folder."
                )
        # From here on the checked paths count, not the links that led there.
        object.__setattr__(self, "scratch", scratch)
        object.__setattr__(self, "readable", readable)


def list_readable(policy: Policy) -> list[Path]:
    """Return all that a worker may read."""
    return [*map(Path, SYSTEM), *find_python(), *policy.readable]


@functools.cache
def find_python() -> tuple[Path, ...]:
    """Return the folders Python and its packages are imported from, the kit's too.

    They come from where Python was installed, never from ``sys.path``, which may
    hold the working directory. Of an editable install, in which the package lies
    among the solutions, only the package itself is taken.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {sysconfig.get_path(name): None for name in names}
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        folders[os.path.join(prefix, "lib")] = None  # noqa: PTH118 (as the above)
    found = [*map(Path, folders), *_find_matplotlib(), PACKAGE]
    return tuple(dict.fromkeys(path.resolve() for path in found if path.is_dir()))


def _find_matplotlib() -> Iterator[Path]:
    """Yield the folder of matplotlib's style sheets and fonts, if imported."""
    if matplotlib := sys.modules.get("matplotlib"):
        yield Path(matplotlib.get_data_path())


@functools.cache
def _check_python(secrets: tuple[Path, ...]) -> None:
    """Check what is the same for every worker; once, before forks."""
    for path in find_python():
        _check(path, secrets)


def _check(path: Path, secrets: tuple[Path, ...]) -> Path:
    """Return what a path really is.

    Raises:
        KitFault: It is, or holds, or lies in something that must stay closed.
    """
    real = path.resolve()
    if not real.exists():
        raise KitFault(f"A worker cannot be given {path}: it is not there.")
    if shared := next((s for s in _find_shared() if _is_in(s, real)), None):
        raise KitFault(
            f"A worker must not be given {path}: it holds {shared}. "
            "Move what it needs to a folder of its own."
        )
    for secret in (*secrets, Path("/proc")):  # in it: /proc/<pid> of the parent
        if _is_in(secret, real) or _is_in(real, secret):
            raise KitFault(
                f"A worker must not be given {path}: {secret} would be open to it. "
                "Move one of them to another folder."
            )
    return real


def _is_in(path: Path, folder: Path) -> bool:
    """Return whether a path is a folder or lies in it; both resolved.

    Faster than ``is_relative_to``, which matters before each fork.
    """
    inner, outer = str(path), str(folder)
    return inner == outer or inner.startswith(outer.rstrip(os.sep) + os.sep)


@functools.cache
def _find_shared() -> tuple[Path, ...]:
    homes = [os.path.expanduser("~")]  # noqa: PTH111 (Path.home() may raise)
    if sys.platform != "win32":
        import pwd

        users = [user for user in pwd.getpwall() if user.pw_uid == os.getuid()]
        homes += [user.pw_dir for user in users]
    found = (Path(name).resolve() for name in (*_SHARED, *homes) if name)
    return tuple(dict.fromkeys(found))
